"""The diary: what was done and felt, kept in a database that is the user's alone; summaries and exports of it."""
