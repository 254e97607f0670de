"""A voice at the side of somebody who stretches on the floor."""
