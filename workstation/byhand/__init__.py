"""Reports that did not come through the drop box: letters, messages and visits, entered at the station."""
