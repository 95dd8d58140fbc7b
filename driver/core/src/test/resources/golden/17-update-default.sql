# Row 17 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = DEFAULT WHERE id = 1
=> UPDATE orders SET status = DEFAULT, `order_status` = `status` WHERE id = 1

@ rename complete
UPDATE orders SET status = DEFAULT WHERE id = 1
=> UPDATE orders SET `order_status` = DEFAULT WHERE id = 1

@ lossless complete
UPDATE orders SET total = DEFAULT WHERE id = 1
=> UPDATE orders SET `cents` = DEFAULT WHERE id = 1

# The new column's default would wipe the other half out.
@ merge complete
UPDATE orders SET city = DEFAULT WHERE id = 1
=> UPDATE orders SET `address` = (CONCAT((SUBSTRING_INDEX(`address`,', ',1)),', ',(CAST(NULL AS CHAR(60) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci))) WHERE id = 1

