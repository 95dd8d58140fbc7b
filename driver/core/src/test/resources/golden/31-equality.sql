# Row 31 of the table of shapes.

@ rename live reads-new
SELECT id FROM orders WHERE status = ? AND status IN ('a', ?) AND (status, id) IN (('a', 1))
=> SELECT id FROM orders WHERE `orders`.`order_status` = ? AND `orders`.`order_status` IN ('a', ?) AND (`orders`.`order_status`, id) IN (('a', 1))

@ lossless live reads-new
SELECT id FROM orders WHERE total = ?
=> same
kept: mapped-predicate

# Old is not kept for its index any longer: some client may be at complete already, and write new alone.
@ lossless rampdown
SELECT id FROM orders WHERE total = ?
=> SELECT id FROM orders WHERE CAST((`orders`.`cents` / 100) AS DECIMAL(10,2)) = ?

@ lossless complete
SELECT id FROM orders WHERE total = ?
=> SELECT id FROM orders WHERE CAST((`orders`.`cents` / 100) AS DECIMAL(10,2)) = ?

@ retype live reads-new
SELECT id, age FROM orders WHERE age = ?
=> same

