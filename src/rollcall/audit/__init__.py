"""What happened: one event for each change, refusal, sign-in and export."""
