"""Every parser of untrusted bytes, fed with what nobody would write: `python -m tests.fuzz --help`.

`targets/` says what is fuzzed, `mutation.py` how documents are changed, `running.py` drives libFuzzer.
"""
