"""The events, as JumpCloud's Directory Insights gives them (`/insights/directory/v1`)."""
