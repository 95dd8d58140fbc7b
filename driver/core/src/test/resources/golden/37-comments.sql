# Row 37 of the table of shapes.

@ rename dualwrite
/* trace=1 */ UPDATE orders /* status */ SET status = ? -- status
 WHERE id = ? # done
=> /* trace=1 */ UPDATE orders /* status */ SET status = ?, `order_status` = `status` -- status
 WHERE id = ? # done

@ rename live reads-new
SELECT /*+ MAX_EXECUTION_TIME(1000) */ status FROM orders FORCE INDEX (idx_status) WHERE id = 1
=> same
kept: index-hint

@ rename live reads-new
SELECT /*+ MAX_EXECUTION_TIME(1000) */ status FROM orders /* end */
=> SELECT /*+ MAX_EXECUTION_TIME(1000) */ `orders`.`order_status` AS `status` FROM orders /* end */

