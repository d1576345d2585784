-- A small town as version 0018 kept it: what the service of that version itself had written. The seal key is
-- MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=, the lookup key 32 times 'k'. Both databases read it.
INSERT INTO admin_action (id, at, who, action, subject, detail) VALUES
    (1, '2026-11-24 06:01:31+00:00', 'root', 'bridge off', 'telegram', 'leaked');
INSERT INTO bridge_off (name, since) VALUES
    ('telegram', '2026-11-24 06:01:31+00:00');
INSERT INTO change (id, at, kind, path, issue_id, unit_id, level) VALUES
    (1, '2026-11-27 16:43:15.389996+00:00', 'level', '34/', NULL, 1, 1),
    (2, '2026-11-27 16:43:15.390241+00:00', 'level', '34/3401/', NULL, 2, 1),
    (3, '2026-11-27 16:43:15.390424+00:00', 'level', '34/3401/340101/', NULL, 3, 1),
    (4, '2026-11-27 16:43:15.390580+00:00', 'level', '34/3401/340101/34010102/', NULL, 9, 2),
    (5, '2026-11-27 16:43:15.393797+00:00', 'issue', '34/3401/340101/34010101/3401010101/340101010101/34010101010101/', 1, NULL, NULL),
    (6, '2026-11-27 16:43:15.393797+00:00', 'issue', '34/3401/340101/34010102/', 2, NULL, NULL);
INSERT INTO inbox (id, bridge, external_id, lane, sender, body, received_at, state, attempts, error, not_before) VALUES
    (1, 'sms', 'SM1', 'sender:ab66e22185941065aa261c1bd6cdcf0aae50d2b52ad61c86d1eb49ab980c79f6', 'gAAAAABrCbMiTE_dYKOj6sgFZKcBDUIVc7yw1Sqj3326QnPzJEsEeZIqeDCt4GZEiiBkGVaLK18dUAf54WIicVK87yFPosMOGw==', '{"kind":"text","text":"\u8def\u706f\u574f\u4e86","media":[],"room":"","thread":"","target":"","detail":{},"sent_at":null}', '2026-11-24 02:00:00+00:00', 'done', 0, '', '2026-11-27 16:43:14.420514+00:00'),
    (2, 'sms', 'SM3', 'sender:ac4a67fd53a9e62578e62e48d2ce7513539840369e38b3eb3d0a907995559d99', 'gAAAAABrCbMj-HYQkAkKzTYjXUxxvtyR06-CIjVwn5cika4P_LKhbYdjlyMfSUw5MqiGeCwUj5iZQcQRKt_CJ11YEmsy_z1Blw==', '{"kind":"text","text":"\u6c34\u7ba1\u7206\u4e86","media":[],"room":"","thread":"","target":"","detail":{},"sent_at":null}', '2026-11-24 02:00:00+00:00', 'done', 0, '', '2026-11-27 16:43:15.338456+00:00'),
    (3, 'sms', 'SM4', 'sender:ab66e22185941065aa261c1bd6cdcf0aae50d2b52ad61c86d1eb49ab980c79f6', 'gAAAAABrCbMjftOkRIMRt3oeT1l6hgM9IlkBKe5S8Mt6EpORNT3LNwNqg5ouOTXiY02aeWVpiD5SHQBp6xay0vA2calLEnoBEA==', '{"kind":"text","text":"\u65b0 \u4e95\u76d6\u6ca1\u4e86","media":[],"room":"","thread":"","target":"","detail":{},"sent_at":null}', '2026-11-24 06:01:31+00:00', 'done', 0, '', '2026-11-27 16:43:15.399653+00:00'),
    (4, 'sms', 'SM-waits', 'sender:ac4a67fd53a9e62578e62e48d2ce7513539840369e38b3eb3d0a907995559d99', 'gAAAAABrCbMjXH50cEVyTQiIW7OeNW63SQNCso0V7qE0ObUkbiLBhJkIr5YX6gCXzb_3VniL-QJzq6Df2Q8IIU_uGq3J8hXP4g==', '{"kind":"text","text":"\u8fd8\u5728\u6f0f\u6c34","media":[],"room":"","thread":"","target":"","detail":{},"sent_at":null}', '2026-11-24 06:01:31+00:00', 'waiting', 0, '', '2026-11-27 16:43:15.419918+00:00');
INSERT INTO projected (issue_id, path, points, open, overdue, urgent, reopened, week, counts, next_at) VALUES
    (1, '34/3401/340101/34010101/3401010101/340101010101/34010101010101/', 0, 0, 0, 0, 0, '2026-11-23', '{"A:10":1,"a":1,"i":1,"r":1}', NULL),
    (2, '34/3401/340101/34010102/', 2000, 1, 1, 0, 0, '2026-11-23', '{"e:township":1,"l":1,"r":1}', '2026-11-24 10:01:00+00:00');
INSERT INTO projection_state (name, parameters, silent, sized_to) VALUES
    ('projections', '74775c8d9510d764e688441d099e87c76420ddef2a5cbd0358d53fd67630dfd3', false, 11);
INSERT INTO unit (id, code, name, tier, path, card_code, urban, households, parent_id) VALUES
    (1, '34', '亳州市', 'city', '34/', NULL, false, 0, NULL),
    (2, '3401', '谯城区', 'county', '34/3401/', NULL, false, 0, 1),
    (3, '340101', '魏岗镇', 'township', '34/3401/340101/', NULL, false, 0, 2),
    (4, '34010101', '魏岗村委会', 'village', '34/3401/340101/34010101/', NULL, false, 0, 3),
    (5, '3401010101', '第一片', 'section', '34/3401/340101/34010101/3401010101/', NULL, false, 0, 4),
    (6, '340101010101', '张庄组', 'group', '34/3401/340101/34010101/3401010101/340101010101/', NULL, false, 0, 5),
    (7, '34010101010101', '第3邻', 'block', '34/3401/340101/34010101/3401010101/340101010101/34010101010101/', '12345674', false, 0, 6),
    (8, '34010101010102', '第4邻', 'block', '34/3401/340101/34010101/3401010101/340101010101/34010101010102/', '12345682', false, 0, 6),
    (9, '34010102', '和平社区', 'village', '34/3401/340101/34010102/', NULL, false, 0, 3),
    (10, '340102', '观堂镇', 'township', '34/3401/340102/', NULL, false, 0, 2),
    (11, '34010201', '和平社区', 'village', '34/3401/340102/34010201/', NULL, false, 0, 10);
INSERT INTO unit_load (points, open, overdue, urgent, reopened, households, level, since, told, unit_id) VALUES
    (0, 0, 0, 0, 0, 20, 0, NULL, 0, 4),
    (0, 0, 0, 0, 0, 20, 0, NULL, 0, 5),
    (0, 0, 0, 0, 0, 20, 0, NULL, 0, 6),
    (0, 0, 0, 0, 0, 10, 0, NULL, 0, 7),
    (0, 0, 0, 0, 0, 10, 0, NULL, 0, 8),
    (0, 0, 0, 0, 0, 10, 0, NULL, 0, 10),
    (0, 0, 0, 0, 0, 10, 0, NULL, 0, 11),
    (2000, 1, 1, 0, 0, 20, 1, '2026-11-24 06:01:00+00:00', 0, 1),
    (2000, 1, 1, 0, 0, 20, 1, '2026-11-24 06:01:00+00:00', 0, 2),
    (2000, 1, 1, 0, 0, 20, 1, '2026-11-24 06:01:00+00:00', 0, 3),
    (2000, 1, 1, 0, 0, 10, 2, '2026-11-24 06:01:00+00:00', 0, 9);
INSERT INTO person (id, name, language, language_chosen, block_id) VALUES
    (1, '李国庆', '', false, NULL),
    (2, '赵刚', '', false, NULL),
    (3, '孙梅', '', false, NULL),
    (4, '周强', '', false, NULL),
    (5, '陈建国', '', false, NULL),
    (6, '吴兰', '', false, NULL),
    (7, '郑平', '', false, NULL),
    (8, '王芳', '', false, NULL),
    (9, '马丽', '', false, NULL),
    (10, '何明', '', false, NULL),
    (11, '刘大爷', 'zh-Hans', false, 7),
    (12, '王秀英', 'zh-Hans', false, 9);
INSERT INTO tally (id, week, counts, unit_id) VALUES
    (1, '2026-11-23', '{"A:10":1,"a":1,"e:township":1,"i":1,"l":1,"r":2}', 1),
    (2, '2026-11-23', '{"A:10":1,"a":1,"e:township":1,"i":1,"l":1,"r":2}', 2),
    (3, '2026-11-23', '{"A:10":1,"a":1,"e:township":1,"i":1,"l":1,"r":2}', 3),
    (4, '2026-11-23', '{"A:10":1,"a":1,"i":1,"r":1}', 4),
    (5, '2026-11-23', '{"e:township":1,"l":1,"r":1}', 9);
INSERT INTO address (id, bridge, lookup, sealed, seen_at, fixed_line, person_id) VALUES
    (1, 'sms', 'ab66e22185941065aa261c1bd6cdcf0aae50d2b52ad61c86d1eb49ab980c79f6', 'gAAAAABrCbMiwILDJ9kzxxWFr3Z2SOjT2p_Su7W1uQdBR8s-irlDssEiHddKt2W13pH5enh4RlqbGbo-UeYN8lqhUGCg7Ojbog==', '2026-11-24 06:01:31+00:00', false, 11),
    (2, 'sms', 'ac4a67fd53a9e62578e62e48d2ce7513539840369e38b3eb3d0a907995559d99', 'gAAAAABrCbMivKuJiPegrYFZoD9Oj98dehYV-zwsSVry_dRYGiNdFaj7ogPfplmxBobpcTpTwh6W0gp3dpehglNhAhnfFNgqzw==', '2026-11-24 02:00:00+00:00', false, 12);
INSERT INTO issue (id, state, opened_at, talked_at, answer_due, answered_at, reminded, reported_in, confirm_due, nudge_due, nudges, urgent, private, resolved_at, address_id, block_id, holder_id, reporter_id, path, stale_at, bridge) VALUES
    (1, 'resolved', '2026-11-24 02:00:00+00:00', '2026-11-24 02:00:00+00:00', NULL, '2026-11-24 02:00:00+00:00', false, '', '2026-11-25 14:00:00+00:00', NULL, 0, false, false, '2026-11-24 02:00:00+00:00', 1, 7, 7, 11, '34/3401/340101/34010101/3401010101/340101010101/34010101010101/', NULL, 'sms'),
    (2, 'open', '2026-11-24 02:00:00+00:00', '2026-11-24 02:00:00+00:00', '2026-11-24 10:01:00+00:00', NULL, false, '', NULL, '2026-11-24 08:01:00+00:00', 0, false, false, NULL, 2, 9, 3, 12, '34/3401/340101/34010102/', NULL, 'sms'),
    (3, 'open', '2026-11-24 06:01:31+00:00', '2026-11-24 06:01:31+00:00', '2026-11-24 10:01:31+00:00', NULL, false, '', NULL, '2026-11-24 08:01:31+00:00', 0, false, false, NULL, 1, 7, 7, 11, '34/3401/340101/34010101/3401010101/340101010101/34010101010101/', '2026-11-27 16:43:15.407950+00:00', 'sms');
INSERT INTO leadership (id, role, since, until, chosen, person_id, unit_id) VALUES
    (1, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 1, 3),
    (2, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 2, 4),
    (3, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 3, 5),
    (4, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 4, 6),
    (5, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 5, 7),
    (6, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 6, 9),
    (7, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 7, 10),
    (8, 'leader', '2026-01-01 00:00:00+00:00', NULL, '', 8, 11),
    (9, 'deputy', '2026-01-01 00:00:00+00:00', NULL, '', 9, 7),
    (10, 'leader', '2026-01-01 00:00:00+00:00', '2026-11-24 02:00:00+00:00', '', 10, 7);
INSERT INTO message (id, voice, bridge, external_id, room_id, text, media, said_at, author_id, issue_id) VALUES
    (1, 'resident', 'sms', 'SM1', '', '路灯坏了', '[]', '2026-11-24 02:00:00+00:00', 11, 1),
    (2, 'leader', 'matrix', '$before2', '!room:test', '今晚修好', '[]', '2026-11-24 02:00:00+00:00', 5, 1),
    (3, 'resident', 'sms', 'SM3', '', '水管爆了', '[]', '2026-11-24 02:00:00+00:00', 12, 2),
    (4, 'resident', 'sms', 'SM4', '', '井盖没了', '[]', '2026-11-24 06:01:31+00:00', 11, 3);
INSERT INTO outbox (id, key, lane, bridge, payload, state, created_at, topic, not_before, called_at, sent_at, attempts, external_id, receipt, error, address_id, issue_id) VALUES
    (1, 'i1.1.0', 'issue:1:7', 'rooms', '{"do":"show","unit":7}', 'sent', '2026-11-27 16:43:15.216923+00:00', '', '2026-11-27 16:43:15.216923+00:00', '2026-11-27 16:43:15.255029+00:00', '2026-11-27 16:43:15.257367+00:00', 1, 'out-i1.1.0', '', '', NULL, 1),
    (2, 'i1.1.1', 'address:1', 'sms', '{"text":"\u60a8\u7684\u8bdd\u6536\u5230\u4e86\uff0c\u7f16\u53f71001\u3002\u90bb\u957f\u9648\u5efa\u56fd\u4f1a\u5728\u4eca\u592914:00\u524d\u56de\u60a8\u3002","message":0}', 'sent', '2026-11-27 16:43:15.216923+00:00', 'holder', '2026-11-27 16:43:15.216923+00:00', '2026-11-27 16:43:15.259155+00:00', '2026-11-27 16:43:15.260845+00:00', 1, 'out-i1.1.1', '', '', 1, 1),
    (3, 'i1.2.0', 'address:1', 'sms', '{"text":"\u90bb\u957f\u9648\u5efa\u56fd\u56de\u60a8\uff08\u7f16\u53f71001\uff09\uff1a\u4eca\u665a\u4fee\u597d","message":2}', 'sent', '2026-11-27 16:43:15.271184+00:00', '', '2026-11-27 16:43:15.271184+00:00', '2026-11-27 16:43:15.291833+00:00', '2026-11-27 16:43:15.294412+00:00', 1, 'out-i1.2.0', '', '', 1, 1),
    (4, 'i1.2.1', 'issue:1:7', 'rooms', '{"do":"say","text":"\u90bb\u957f\u9648\u5efa\u56fd\u5728\u7b2c3\u90bb\u7b54\u590d\uff1a\u4eca\u665a\u4fee\u597d","mention":[],"unit":7}', 'sent', '2026-11-27 16:43:15.271184+00:00', '', '2026-11-27 16:43:15.271184+00:00', '2026-11-27 16:43:15.296456+00:00', '2026-11-27 16:43:15.298604+00:00', 1, 'out-i1.2.1', '', '', NULL, 1),
    (5, 'i1.2.2', 'issue:1:7', 'rooms', '{"do":"state","unit":7}', 'sent', '2026-11-27 16:43:15.271184+00:00', '', '2026-11-27 16:43:15.271184+00:00', '2026-11-27 16:43:15.299743+00:00', '2026-11-27 16:43:15.302419+00:00', 1, 'out-i1.2.2', '', '', NULL, 1),
    (6, 'i1.3.0', 'issue:1:7', 'rooms', '{"do":"say","text":"\u90bb\u957f\u9648\u5efa\u56fd\u8bf4\u529e\u597d\u4e86\uff0c\u6b63\u5728\u95ee\u5c45\u6c11\u3002","mention":[],"unit":7}', 'sent', '2026-11-27 16:43:15.310949+00:00', '', '2026-11-27 16:43:15.310949+00:00', '2026-11-27 16:43:15.327603+00:00', '2026-11-27 16:43:15.329576+00:00', 1, 'out-i1.3.0', '', '', NULL, 1),
    (7, 'i1.3.1', 'issue:1:7', 'rooms', '{"do":"state","unit":7}', 'sent', '2026-11-27 16:43:15.310949+00:00', '', '2026-11-27 16:43:15.310949+00:00', '2026-11-27 16:43:15.330377+00:00', '2026-11-27 16:43:15.332182+00:00', 1, 'out-i1.3.1', '', '', NULL, 1),
    (8, 'i1.3.2', 'address:1', 'sms', '{"text":"\u90bb\u957f\u9648\u5efa\u56fd\u8bf4\u7f16\u53f71001\u529e\u597d\u4e86\u3002\u60a8\u770b\u89e3\u51b3\u4e86\u5417\uff1f\u89e3\u51b3\u4e86\u8bf7\u56de1\uff0c\u6ca1\u89e3\u51b3\u8bf7\u56de2\u3002","message":0,"asked":"\u90bb\u957f\u9648\u5efa\u56fd\u8bf4\uff0c\u7f16\u53f71001\u7684\u4e8b\u529e\u597d\u4e86\u3002\u60a8\u770b\u89e3\u51b3\u4e86\u5417\uff1f","choices":[{"text":"1001 1","label":"\u89e3\u51b3\u4e86","phone":false},{"text":"1001 2","label":"\u6ca1\u89e3\u51b3","phone":false}]}', 'sent', '2026-11-27 16:43:15.310949+00:00', 'solved', '2026-11-27 16:43:15.310949+00:00', '2026-11-27 16:43:15.333628+00:00', '2026-11-27 16:43:15.335568+00:00', 1, 'out-i1.3.2', '', '', 1, 1),
    (9, 'i2.1.0', 'issue:2:9', 'rooms', '{"do":"show","unit":9}', 'sent', '2026-11-27 16:43:15.351128+00:00', '', '2026-11-27 16:43:15.351128+00:00', '2026-11-27 16:43:15.362336+00:00', '2026-11-27 16:43:15.363831+00:00', 1, 'out-i2.1.0', '', '', NULL, 2),
    (10, 'i2.1.1', 'address:2', 'sms', '{"text":"\u60a8\u7684\u8bdd\u6536\u5230\u4e86\uff0c\u7f16\u53f71002\u3002\u6751\u4e66\u8bb0\u5434\u5170\u4f1a\u5728\u4eca\u592914:00\u524d\u56de\u60a8\u3002","message":0}', 'sent', '2026-11-27 16:43:15.351128+00:00', 'holder', '2026-11-27 16:43:15.351128+00:00', '2026-11-27 16:43:15.364944+00:00', '2026-11-27 16:43:15.366282+00:00', 1, 'out-i2.1.1', '', '', 2, 2),
    (11, 'i2.2.0', 'issue:2:3', 'rooms', '{"do":"show","unit":3}', 'waiting', '2026-11-27 16:43:15.374702+00:00', '', '2026-11-27 16:43:15.374702+00:00', NULL, NULL, 0, NULL, '', '', NULL, 2),
    (12, 'i2.2.1', 'issue:2:9', 'rooms', '{"do":"say","text":"\u6ca1\u6709\u6309\u65f6\u7b54\u590d\uff0c\u7f16\u53f71002\u5df2\u4e0a\u62a5\u5230\u9b4f\u5c97\u9547\u3002\u8fd9\u91cc\u7684\u8bdd\u8fd8\u53ef\u4ee5\u770b\u3002","mention":[],"unit":9}', 'waiting', '2026-11-27 16:43:15.374702+00:00', '', '2026-11-27 16:43:15.374702+00:00', NULL, NULL, 0, NULL, '', '', NULL, 2),
    (13, 'i2.2.2', 'issue:2:9', 'rooms', '{"do":"state","unit":9}', 'waiting', '2026-11-27 16:43:15.374702+00:00', '', '2026-11-27 16:43:15.374702+00:00', NULL, NULL, 0, NULL, '', '', NULL, 2),
    (14, 'i2.2.3', 'issue:2:3', 'rooms', '{"do":"state","unit":3}', 'waiting', '2026-11-27 16:43:15.374702+00:00', '', '2026-11-27 16:43:15.374702+00:00', NULL, NULL, 0, NULL, '', '', NULL, 2),
    (15, 'i2.2.4', 'address:2', 'sms', '{"text":"\u7f16\u53f71002\u5df2\u8f6c\u7ed9\u4e61\u9547\u4e66\u8bb0\u674e\u56fd\u5e86\uff0c\u4f1a\u5728\u4eca\u592918:01\u524d\u56de\u60a8\u3002\u60a8\u653e\u5fc3\uff0c\u6211\u4eec\u4e00\u76f4\u8ddf\u7740\u529e\u3002","message":0}', 'waiting', '2026-11-27 16:43:15.374702+00:00', 'holder', '2026-11-27 16:43:15.374702+00:00', NULL, NULL, 0, NULL, '', '', 2, 2),
    (16, 'i3.1.0', 'issue:3:7', 'rooms', '{"do":"show","unit":7}', 'waiting', '2026-11-27 16:43:15.407677+00:00', '', '2026-11-27 16:43:15.407677+00:00', NULL, NULL, 0, NULL, '', '', NULL, 3),
    (17, 'i3.1.1', 'address:1', 'sms', '{"text":"\u60a8\u7684\u8bdd\u6536\u5230\u4e86\uff0c\u7f16\u53f71003\u3002\u90bb\u957f\u9648\u5efa\u56fd\u4f1a\u5728\u4eca\u592918:01\u524d\u56de\u60a8\u3002","message":0}', 'waiting', '2026-11-27 16:43:15.407677+00:00', 'holder', '2026-11-27 16:43:15.407677+00:00', NULL, NULL, 0, NULL, '', '', 1, 3);
INSERT INTO question (id, kind, asked_at, issue_id, person_id) VALUES
    (1, 'solved', '2026-11-24 02:00:00+00:00', 1, 11);
INSERT INTO history (id, seq, at, action, bridge, room_id, event_id, from_state, to_state, from_holder_id, to_holder_id, detail, actor_id, issue_id) VALUES
    (1, 1, '2026-11-24 02:00:00+00:00', 'report', 'sms', '', '', '', 'open', NULL, 7, '', 11, 1),
    (2, 2, '2026-11-24 02:00:00+00:00', 'answer', 'matrix', '!room:test', '', 'open', 'answered', 7, 7, '', 5, 1),
    (3, 3, '2026-11-24 02:00:00+00:00', 'resolve', 'matrix', '!room:test', '', 'answered', 'resolved', 7, 7, '', 5, 1),
    (4, 1, '2026-11-24 02:00:00+00:00', 'report', 'sms', '', '', '', 'open', NULL, 9, '', 12, 2),
    (5, 2, '2026-11-24 06:01:00+00:00', 'escalate', '', '', '', 'open', 'open', 9, 3, '', NULL, 2),
    (6, 1, '2026-11-24 06:01:31+00:00', 'report', 'sms', '', '', '', 'open', NULL, 7, '', 11, 3);
