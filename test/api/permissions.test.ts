import { toPermissionName, PERMISSIONS } from '../../nodes/api/permissions';

test('a permission set is named, also one that is not known', () => {
	expect(toPermissionName(1)).toBe('Messages (消息管理)');
	expect(toPermissionName(9999)).toBe('ID 9999');
	expect(toPermissionName(Number('constructor'))).toBe('ID NaN');
});

test('the menu has each set once, by name', () => {
	const names = PERMISSIONS.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
	expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	expect(PERMISSIONS).toContainEqual({ name: toPermissionName(27), value: 27 });
});
