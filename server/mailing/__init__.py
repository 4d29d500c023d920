"""Mail out of the site: one port, SMTP behind it, and twins that send nothing."""
