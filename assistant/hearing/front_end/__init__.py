"""The acoustic front end: what stands between the microphone's blocks and the recogniser.

Acoustic echo cancellation takes the loudspeaker out of the microphone, the residual echo that it leaves is covered,
double talk is told from the echo, the voice is ducked for whoever speaks into it (barge-in), and what was the
assistant's own voice is rejected.
"""
