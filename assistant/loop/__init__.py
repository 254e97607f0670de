"""One session at work: the builder, the conversation, the performer, the supervised recogniser; owns the threads."""
