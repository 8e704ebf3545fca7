"""numpy.random: generators as objects of the evaluator, their draws known now or made at run time."""
