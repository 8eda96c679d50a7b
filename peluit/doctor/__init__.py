"""`peluit doctor`: looks at a running server and says what is wrong with it. It changes nothing."""
