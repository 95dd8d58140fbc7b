# Row 1 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (id, status) VALUES (?, ?)
=> INSERT INTO orders (id, status, `order_status`) VALUES (?, ?, `status`)

@ rename dualwrite new-view
INSERT INTO orders (id, order_status) VALUES (?, ?)
=> INSERT INTO orders (id, order_status, `status`) VALUES (?, ?, `order_status`)

@ retype dualwrite
INSERT INTO `orders` (`age_str`) VALUES (?)
=> INSERT INTO `orders` (`age_str`, `age`) VALUES (?, (CASE WHEN `age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`age_str` AS SIGNED) END))

@ retype live
INSERT INTO shop.orders (age) VALUES (?)
=> INSERT INTO shop.orders (age, `age_str`) VALUES (?, (CAST(`age` AS CHAR)))

@ split shadow
INSERT INTO orders (id, name) VALUES (?, ?)
=> INSERT INTO orders (id, name, `first_name`, `last_name`) VALUES (?, ?, (SUBSTRING_INDEX(`name`,' ',1)), (SUBSTRING(`name`, LENGTH(SUBSTRING_INDEX(`name`,' ',1)) + 2)))

@ split shadow
INSERT INTO orders (id, first_name, last_name) VALUES (?, ?, ?)
=> INSERT INTO orders (id, first_name, last_name, `name`) VALUES (?, ?, ?, (CONCAT(`first_name`,' ',`last_name`)))

@ merge dualwrite
INSERT INTO orders (id, street, city) VALUES (?, ?, ?)
=> INSERT INTO orders (id, street, city, `address`) VALUES (?, ?, ?, (CONCAT(`street`,', ',`city`)))

@ merge dualwrite
INSERT INTO orders (id, address) VALUES (?, ?)
=> INSERT INTO orders (id, address, `street`, `city`) VALUES (?, ?, (SUBSTRING_INDEX(`address`,', ',1)), (SUBSTRING_INDEX(`address`,', ',-1)))

@ derive dualwrite
INSERT INTO orders (id, email) VALUES (?, ?)
=> INSERT INTO orders (id, email, `email_normalized`) VALUES (?, ?, (LOWER(`email`)))

@ derive live
INSERT INTO orders (id, email, email_normalized, last_login_at) VALUES (?, ?, ?, ?)
=> same

@ rename expand
INSERT INTO orders (id, status) VALUES (?, ?)
=> same

@ rename expand
INSERT INTO orders (id, order_status) VALUES (?, ?)
=> refused: new-column-too-early

@ rename complete
INSERT INTO orders (id, status) VALUES (?, ?)
=> INSERT INTO orders (id, `order_status`) VALUES (?, ?)

@ rename contract
INSERT INTO orders (id, order_status) VALUES (?, ?)
=> same

@ lossless complete
INSERT INTO orders (id, total) VALUES (?, ?)
=> INSERT INTO orders (id, `cents`) VALUES (?, (CAST(CAST(? AS DECIMAL(10,2)) * 100 AS SIGNED)))

@ retype complete
INSERT INTO orders (id, age_str) VALUES (?, ?)
=> INSERT INTO orders (id, `age`) VALUES (?, (SELECT (CASE WHEN `crossfade_value`.`age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`crossfade_value`.`age_str` AS SIGNED) END) FROM (SELECT (CAST(? AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS `age_str`) `crossfade_value`))

@ retype complete
INSERT INTO orders (id, age_str) VALUES (?, '7')
=> INSERT INTO orders (id, `age`) VALUES (?, (CASE WHEN (CAST('7' AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) REGEXP '^[0-9]{1,3}$' THEN CAST((CAST('7' AS CHAR(3) CHARACTER SET utf8mb4) COLLATE utf8mb4_general_ci) AS SIGNED) END))

@ split complete
INSERT INTO orders (id, name) VALUES (?, ?)
=> refused: old-column-gone

@ merge complete
INSERT INTO orders (id, street, city) VALUES (?, ?, ?)
=> refused: old-column-gone

@ rename dualwrite
INSERT INTO orders (id, status, order_status) VALUES (?, ?, ?)
=> refused: both-sides

@ rename dualwrite
INSERT INTO other.orders (id, status) VALUES (?, ?)
=> same

