# Row 3 of the table of shapes.

@ rename dualwrite
INSERT INTO orders (id, status) VALUES (?, ?), (2, DEFAULT), (3, CONCAT('a', ?))
=> INSERT INTO orders (id, status, `order_status`) VALUES (?, ?, `status`), (2, DEFAULT, `status`), (3, CONCAT('a', ?), `status`)

@ retype rampdown
INSERT INTO orders (age_str, id) VALUES ('7', 1), (NULL, 2)
=> INSERT INTO orders (age_str, id, `age`) VALUES ('7', 1, (CASE WHEN `age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`age_str` AS SIGNED) END)), (NULL, 2, (CASE WHEN `age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`age_str` AS SIGNED) END))

@ rename dualwrite
INSERT INTO orders (id, status) VALUES (1, (SELECT MAX(status) FROM orders))
=> refused: insert-subquery

@ rename dualwrite
INSERT INTO orders (name, status) VALUES ('a', name)
=> INSERT INTO orders (name, status, `order_status`) VALUES ('a', name, `status`)

@ rename dualwrite
INSERT INTO orders (status, name) VALUES ('a', status)
=> refused: insert

