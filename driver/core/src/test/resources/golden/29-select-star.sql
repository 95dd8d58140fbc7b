# Row 29 of the table of shapes.

@ rename dualwrite
SELECT * FROM orders WHERE id = ?
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders WHERE id = ?

@ rename dualwrite new-view
SELECT * FROM orders WHERE id = ?
=> SELECT `orders`.`id`, `orders`.`status` AS `order_status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders WHERE id = ?

@ rename live reads-new
SELECT o.*, c.* FROM orders o JOIN customers c ON c.id = o.id
=> SELECT `o`.`id`, `o`.`order_status` AS `status`, `o`.`name`, `o`.`age_str`, `o`.`street`, `o`.`city`, `o`.`email`, `o`.`total`, `o`.`made_at`, c.* FROM orders o JOIN customers c ON c.id = o.id

@ rename live reads-new
SELECT * FROM customers c, orders
=> SELECT `c`.*, `orders`.`id`, `orders`.`order_status` AS `status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM customers c, orders

@ rename contract
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`order_status` AS `status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ rename contract new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`order_status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ rename expand
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ derive dualwrite
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ derive dualwrite new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at`, CAST((LOWER(`orders`.`email`)) AS CHAR(100)) AS `email_normalized`, `orders`.`last_login_at` FROM orders

# Before dualwrite the new columns may not be there, whatever the catalog says by then: new code that is early reads what old gives.
@ rename expand new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status` AS `order_status`, `orders`.`name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ retype off new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, CAST((CASE WHEN `orders`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`orders`.`age_str` AS SIGNED) END) AS SIGNED) AS `age`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ retype expand new-view
SELECT o.* FROM orders o
=> SELECT `o`.`id`, `o`.`status`, `o`.`name`, CAST((CASE WHEN `o`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`o`.`age_str` AS SIGNED) END) AS SIGNED) AS `age`, `o`.`street`, `o`.`city`, `o`.`email`, `o`.`total`, `o`.`made_at` FROM orders o

@ split expand back new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, CAST((SUBSTRING_INDEX(`orders`.`name`,' ',1)) AS CHAR(80)) AS `first_name`, CAST((SUBSTRING(`orders`.`name`, LENGTH(SUBSTRING_INDEX(`orders`.`name`,' ',1)) + 2)) AS CHAR(80)) AS `last_name`, `orders`.`age_str`, `orders`.`street`, `orders`.`city`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ merge expand new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, CAST((CONCAT(`orders`.`street`,', ',`orders`.`city`)) AS CHAR(130)) AS `address`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ derive expand new-view
SELECT * FROM orders
=> refused: new-column-too-early

@ merge complete new-view
SELECT * FROM orders
=> SELECT `orders`.`id`, `orders`.`status`, `orders`.`name`, `orders`.`age_str`, `orders`.`address`, `orders`.`email`, `orders`.`total`, `orders`.`made_at` FROM orders

@ rename live reads-new
SELECT COUNT(*), 2 * 3 FROM orders
=> same

@ rename live reads-new
SELECT * FROM orders JOIN customers USING (id)
=> refused: star

