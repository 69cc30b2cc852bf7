"""What is asked of a dashboard, and when a mailing is due. Pure."""
