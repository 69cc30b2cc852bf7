"""What onboarding decides with values alone: templates, segments, due dates, progress, who is stuck, cohorts. Pure."""
