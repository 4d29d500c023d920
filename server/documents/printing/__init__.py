"""From a queued job to the printer: drawn, sent, and told what came of it."""
