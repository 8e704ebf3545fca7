"""Features that every layer has today: what test_random_bodies.py takes."""

ENABLED = """
    if_run_time if_known if_chain for_range_n for_range_small for_range_long for_list for_array
    for_enumerate for_zip for_reversed while_run_time while_known while_true loop_else continue
    function call early_return_in_loop closure default_arguments global_name recursion instance
    assign_int augment_int assign_float print_here print_formatted
    list_append list_grow list_rebind dict_set dict_augment dict_remove dict_alias
    array_set array_augment array_slice array_view array_read array_sum array_rebind
    array_rebind_then_write array_2d text_or_text text_grows tuple_or_tuple tuple_swap
    comprehension_if dict_comprehension zero_division assertion try_known
    try_run_time function_that_raises with_run_time recursion_with_state recursion_in_two
    match_run_time loop_that_raises
""".split()
