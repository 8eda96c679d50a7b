"""What an inbox does, it does on a PostgreSQL server too: the very tests of tests/store."""
# ruff: noqa: F401

from tests.store.test_eraser import (
    test_a_blob_that_is_sent_again_is_there_again,
    test_a_freeze_at_the_same_moment_takes_each_thing_or_leaves_it,
    test_another_offices_things_stay,
    test_two_who_erase_the_same_count_it_once,
    test_what_carries_a_hash_goes_and_the_rest_stays,
    test_what_is_in_a_bundle_stays,
)
from tests.store.test_inbox import (
    test_a_retry_changes_nothing,
    test_a_row_that_breaks_a_rule_is_never_dropped_silently,
    test_what_was_added_is_listed_and_read,
)
from tests.store.test_reader import (
    test_a_blob_larger_than_a_part_is_cut_and_comes_out_whole,
    test_a_blob_that_came_again_before_its_old_file_went_stays,
    test_a_blob_whose_file_has_just_gone_is_not_recorded,
    test_a_bundle_streams_what_was_sent,
    test_a_bundle_takes_everything_new_of_its_office,
    test_a_place_before_the_first_day_shows_nothing_earlier,
    test_an_office_cannot_reach_anothers_things,
    test_chosen_days_and_nothing_else,
    test_chosen_things_and_nothing_else,
    test_counts,
    test_files_of_erased_blobs_go_even_if_the_first_try_was_cut_off,
    test_filters_leave_exactly_what_fits,
    test_pages_show_everything_once_by_day_and_not_by_arrival,
    test_the_tally_is_what_counting_would_give,
    test_what_is_too_much_for_one_bundle_waits_for_the_next,
)
from tests.store.test_retention import (
    bundle,
    retention,
    test_a_clock_that_jumps_ahead_and_is_set_right_erases_nothing,
    test_a_download_between_the_announcement_and_the_erasure_is_not_cut_off,
    test_a_download_that_begins_puts_it_off,
    test_a_download_that_ends_when_the_bundle_is_gone,
    test_a_server_that_was_off_begins_the_notice_anew,
    test_it_goes_after_its_days_and_is_announced_before,
    test_what_is_confirmed_leaves_nothing_behind,
    test_what_was_downloaded_but_for_one_part_stays,
    test_what_was_not_downloaded_stays,
    test_who_changes_the_decision_takes_the_announcement_back,
)
from tests.store.test_slots import (
    slots,
    test_adding_again_changes_nothing,
    test_odd_sizes_are_refused,
    test_slots_live_to_the_end_of_their_day,
    test_the_order_tells_nothing_of_their_coming,
)
