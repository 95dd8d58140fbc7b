# Row 14 of the table of shapes.

@ rename dualwrite
UPDATE orders SET status = ? WHERE id = ?
=> UPDATE orders SET status = ?, `order_status` = `status` WHERE id = ?

@ rename dualwrite
UPDATE orders SET order_status = ? WHERE id = ?
=> UPDATE orders SET order_status = ?, `status` = `order_status` WHERE id = ?

@ retype dualwrite
UPDATE orders SET age_str = ?, total = 1 WHERE id = ?
=> UPDATE orders SET age_str = ?, total = 1, `age` = (CASE WHEN `age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`age_str` AS SIGNED) END) WHERE id = ?

@ retype dualwrite
UPDATE orders SET age = ? WHERE id = ?
=> UPDATE orders SET age = ?, `age_str` = (CAST(`age` AS CHAR)) WHERE id = ?

@ split live
UPDATE orders SET name = ?
=> UPDATE orders SET name = ?, `first_name` = (SUBSTRING_INDEX(`name`,' ',1)), `last_name` = (SUBSTRING(`name`, LENGTH(SUBSTRING_INDEX(`name`,' ',1)) + 2))

@ split live
UPDATE orders SET first_name = ?
=> UPDATE orders SET first_name = ?, `name` = (CONCAT(`first_name`,' ',`last_name`))

@ merge live
UPDATE orders SET city = ?
=> UPDATE orders SET city = ?, `address` = (CONCAT(`street`,', ',`city`))

@ derive live
UPDATE orders SET email = ?
=> UPDATE orders SET email = ?, `email_normalized` = (LOWER(`email`))

@ derive live
UPDATE orders SET email_normalized = ?
=> same

@ rename dualwrite
UPDATE orders SET total = 1 WHERE status = 'a'
=> same

@ rename rampdown
UPDATE orders SET total = 1 WHERE status = 'a'
=> UPDATE orders SET total = 1 WHERE `orders`.`order_status` = 'a'

@ rename dualwrite
UPDATE orders SET total = 1 WHERE order_status = 'a'
=> UPDATE orders SET total = 1 WHERE `orders`.`status` = 'a'

@ retype dualwrite
UPDATE orders SET total = 1 WHERE age > 3
=> UPDATE orders SET total = 1 WHERE CAST(CASE WHEN (CAST(CONVERT(`orders`.`age_str` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CAST(`orders`.`age` AS CHAR)) USING utf8mb4) AS BINARY)) THEN `orders`.`age` ELSE (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END) END AS SIGNED) > 3

@ retype live
UPDATE orders SET total = 1 WHERE age > 3
=> same

# From here on some client may be at complete already, and write new alone.
@ retype rampdown
UPDATE orders SET total = 1 WHERE age_str = '7'
=> UPDATE orders SET total = 1 WHERE (CAST(CASE WHEN (`orders`.`age` <=> (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END)) THEN `orders`.`age_str` ELSE (CAST(`orders`.`age` AS CHAR)) END AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) = '7'

@ retype rampdown back
UPDATE orders SET total = 1 WHERE age_str = '7'
=> UPDATE orders SET total = 1 WHERE (CAST(CASE WHEN (`orders`.`age` <=> (CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END)) THEN `orders`.`age_str` ELSE (CAST(`orders`.`age` AS CHAR)) END AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) = '7'

@ retype complete
UPDATE orders SET total = 1 WHERE age_str = '7'
=> UPDATE orders SET total = 1 WHERE (CAST((CAST(`orders`.`age` AS CHAR)) AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) = '7'

@ rename complete
UPDATE orders SET status = ? WHERE id = ?
=> UPDATE orders SET `order_status` = ? WHERE id = ?

@ lossless complete
UPDATE orders SET total = ? + 1 WHERE id = ?
=> UPDATE orders SET `cents` = (CAST(CAST(? + 1 AS DECIMAL(10,2)) * 100 AS SIGNED)) WHERE id = ?

@ lossless complete
UPDATE orders SET total = total + ? WHERE id = ?
=> UPDATE orders SET `cents` = (CAST(CAST(CAST((`orders`.`cents` / 100) AS DECIMAL(10,2)) + ? AS DECIMAL(10,2)) * 100 AS SIGNED)) WHERE id = ?

@ retype complete
UPDATE orders SET age_str = ? WHERE id = ?
=> UPDATE orders SET `age` = (SELECT (CASE WHEN `crossfade_value`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`crossfade_value`.`age_str` AS SIGNED) END) FROM (SELECT (CAST(? AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `age_str`) `crossfade_value`) WHERE id = ?

@ merge complete
UPDATE orders SET city = ? WHERE id = ?
=> UPDATE orders SET `address` = (CONCAT((SUBSTRING_INDEX(`address`,', ',1)),', ',(CAST(? AS CHAR(60) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci))) WHERE id = ?

@ split complete
UPDATE orders SET name = ? WHERE id = ?
=> refused: old-column-gone

@ rename dualwrite
UPDATE orders SET status = ?, order_status = ?
=> refused: both-sides

@ rename dualwrite
UPDATE shop.orders AS o SET o.status = ? WHERE o.id = ?
=> UPDATE shop.orders AS o SET o.status = ?, `order_status` = `status` WHERE o.id = ?

# The other half of a split may be stale before the backfill is verified.
@ split dualwrite
UPDATE orders SET first_name = ?
=> UPDATE orders SET `last_name` = CASE WHEN (CAST(CONVERT(`name` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`first_name`,' ',`last_name`)) USING utf8mb4) AS BINARY)) THEN `last_name` ELSE (SUBSTRING(`name`, LENGTH(SUBSTRING_INDEX(`name`,' ',1)) + 2)) END, first_name = ?, `name` = (CONCAT(`first_name`,' ',`last_name`))

# On the way back the other half of a merge may be stale.
@ merge rampdown back
UPDATE orders SET city = ? WHERE street = ?
=> UPDATE orders SET `street` = CASE WHEN (CAST(CONVERT(`address` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`street`,', ',`city`)) USING utf8mb4) AS BINARY)) THEN `street` ELSE (SUBSTRING_INDEX(`address`,', ',1)) END, city = ?, `address` = (CONCAT(`street`,', ',`city`)) WHERE (CAST(CASE WHEN (CAST(CONVERT(`orders`.`address` USING utf8mb4) AS BINARY) <=> CAST(CONVERT((CONCAT(`orders`.`street`,', ',`orders`.`city`)) USING utf8mb4) AS BINARY)) THEN `orders`.`street` ELSE (SUBSTRING_INDEX(`orders`.`address`,', ',1)) END AS CHAR(60) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) = ?

