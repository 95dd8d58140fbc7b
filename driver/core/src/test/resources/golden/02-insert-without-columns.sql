# Row 2 of the table of shapes.

@ rename dualwrite
INSERT INTO orders VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, DEFAULT)
=> INSERT INTO orders (`id`, `status`, `name`, `age_str`, `street`, `city`, `email`, `total`, `made_at`, `order_status`) VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, DEFAULT, `status`)

@ rename dualwrite new-view
INSERT INTO orders VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW())
=> INSERT INTO orders (`id`, `order_status`, `name`, `age_str`, `street`, `city`, `email`, `total`, `made_at`, `status`) VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW(), `order_status`)

@ rename expand
INSERT INTO orders VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW())
=> INSERT INTO orders (`id`, `status`, `name`, `age_str`, `street`, `city`, `email`, `total`, `made_at`) VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW())

@ rename contract
INSERT INTO orders VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW())
=> INSERT INTO orders (`id`, `order_status`, `name`, `age_str`, `street`, `city`, `email`, `total`, `made_at`) VALUES (1, 'paid', NULL, NULL, NULL, NULL, NULL, 1.5, NOW())

@ rename dualwrite
INSERT INTO orders () VALUES ()
=> INSERT INTO orders (`status`, `order_status`) VALUES (DEFAULT, `status`)

@ rename dualwrite
INSERT INTO orders VALUES ()
=> INSERT INTO orders (`status`, `order_status`) VALUES (DEFAULT, `status`)

