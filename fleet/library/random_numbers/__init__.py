"""numpy.random: generators as objects of the evaluator; draws now, or code for draws then."""
