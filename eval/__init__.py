"""How good is it, and is it worse than yesterday?"""
