/**
 * How the registration of a mini program ended: `status` of notify_third_fasteregister and its like.
 * Source: "Fast registration of mini programs for companies" (快速注册企业小程序), result pushes.
 */
const REASONS: ReadonlyMap<string, string> = new Map([
	['0', 'Registered'],
	['101', 'The company is deregistered (企业已注销)'],
	['102', 'The registry does not know the company (企业不存在)'],
	['103', 'The name of the legal representative is not the one in the registry'],
	['104', 'The ID number of the legal representative is not the one in the registry'],
	['105', 'The registry is not up to date; try again in 5 to 15 working days'],
	['1000', 'The data of company and legal representative do not agree with the registry'],
	['1001', 'The company has as many mini programs as it may have'],
	['1002', 'The company is blocked for violations'],
	['1003', 'The administrator has as many accounts as one person may have'],
	['1004', 'The administrator is blocked for violations'],
	['1005', 'The phone number of the administrator has as many accounts as it may have'],
	['1006', 'The phone number of the administrator is blocked for violations'],
	['1007', 'The ID card of the administrator has as many accounts as it may have'],
	['1008', 'The ID card of the administrator is blocked for violations'],
	['100001', 'Not confirmed within 24 hours: the ID card was not entered'],
	['100002', 'Not confirmed within 24 hours: the face was not checked'],
	['100003', 'Not confirmed within 24 hours'],
]);

/** Undefined for a number that WeChat has not published. */
export const toRegistrationStatus = (code: string): string | undefined => REASONS.get(code.trim());
