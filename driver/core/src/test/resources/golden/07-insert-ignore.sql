# Row 7 of the table of shapes.

@ rename dualwrite
INSERT IGNORE INTO orders (id, status) VALUES (?, ?)
=> INSERT IGNORE INTO orders (id, status, `order_status`) VALUES (?, ?, `status`)

@ retype dualwrite
INSERT LOW_PRIORITY IGNORE orders (id, age_str) VALUE (?, ?)
=> INSERT LOW_PRIORITY IGNORE orders (id, age_str, `age`) VALUE (?, ?, (CASE WHEN `age_str` REGEXP '^[0-9]{1,3}$' THEN CAST(`age_str` AS SIGNED) END))

