# Row 18 of the table of shapes.

@ rename dualwrite
UPDATE LOW_PRIORITY IGNORE orders SET status = ? WHERE status = 'a' ORDER BY id DESC LIMIT 3
=> UPDATE LOW_PRIORITY IGNORE orders SET status = ?, `order_status` = `status` WHERE status = 'a' ORDER BY id DESC LIMIT 3

