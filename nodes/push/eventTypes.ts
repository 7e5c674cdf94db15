/** One thing WeChat can push. `value` is what a message's kind is called everywhere in the pack. */
export interface EventType {
	name: string;
	value: string;
	description: string;
}

/** What users send, by MsgType. */
export const MESSAGES: EventType[] = [
	{
		name: 'File Message (文件消息)',
		value: 'message.file',
		description:
			'When a user sends a file, with Title for the file name, FileKey, FileMd5 and FileTotalLen, which WeChat does not document',
	},
	{
		name: 'Image Message (图片消息)',
		value: 'message.image',
		description: 'When a user sends a picture, with PicUrl and the MediaId to download it by',
	},
	{
		name: 'Link Message (链接消息)',
		value: 'message.link',
		description: 'When a user shares a link, with Title, Description and the address of the page',
	},
	{
		name: 'Location Message (地理位置消息)',
		value: 'message.location',
		description:
			'When a user sends a place, with Location_X for the latitude, Location_Y for the longitude, Scale and the address in Label',
	},
	{
		name: 'Mini Program Card Message (小程序卡片消息)',
		value: 'message.miniprogrampage',
		description:
			'When a user of a mini program sends one of its pages as a card, with Title, PagePath and ThumbUrl',
	},
	{
		name: 'Short Video Message (小视频消息)',
		value: 'message.shortvideo',
		description: 'When a user records a short video in the chat, with MediaId and ThumbMediaId',
	},
	{
		name: 'Text Message (文本消息)',
		value: 'message.text',
		description:
			'When a user writes a text, with Content and, if the user tapped an answer of a menu message, bizmsgmenuid',
	},
	{
		name: 'Video Message (视频消息)',
		value: 'message.video',
		description: 'When a user sends a video, with MediaId and ThumbMediaId for its preview picture',
	},
	{
		name: 'Voice Message (语音消息)',
		value: 'message.voice',
		description:
			'When a user sends a voice message, with MediaId, MediaId16K and Format; since WeChat ended Recognition in 2023, its text comes from a speech service: see Download Media and Voice Format',
	},
];

/** What happens to the account, by Event. */
export const EVENTS: EventType[] = [
	{
		name: 'Article Published (发布结果)',
		value: 'event.publishjobfinish',
		description:
			'When publishing a draft has ended, with publish_status (0 for success), article_id and the article addresses in PublishEventInfo',
	},
	{
		name: 'Card Approved (卡券审核通过)',
		value: 'event.card_pass_check',
		description: 'When a card passed the review, with CardId',
	},
	{
		name: 'Card Deleted (删除卡券)',
		value: 'event.user_del_card',
		description: 'When a user deletes a card, with CardId and UserCardCode',
	},
	{
		name: 'Card Given Away (转赠卡券)',
		value: 'event.user_gifting_card',
		description:
			'When a user gives a card to a friend, with CardId, UserCardCode and FriendUserName',
	},
	{
		name: 'Card Payment (微信买单)',
		value: 'event.user_pay_from_pay_cell',
		description: 'When a user pays through a card, with UserCardCode, TransId and Fee in fen',
	},
	{
		name: 'Card Points Changed (券点流水详情)',
		value: 'event.card_pay_order',
		description:
			'When the card points of the merchant change, with OrderId, Status, OrderType and the counts of points',
	},
	{
		name: 'Card Received (领取卡券)',
		value: 'event.user_get_card',
		description:
			'When a user receives a card, with CardId, UserCardCode and the channel in OuterStr',
	},
	{
		name: 'Card Redeemed (核销卡券)',
		value: 'event.user_consume_card',
		description:
			'When a card is redeemed, with CardId, UserCardCode, ConsumeSource and StaffOpenId',
	},
	{
		name: 'Card Rejected (卡券审核未通过)',
		value: 'event.card_not_pass_check',
		description: 'When a card failed the review, with CardId and RefuseReason',
	},
	{
		name: 'Card Stock Low (库存报警)',
		value: 'event.card_sku_remind',
		description: 'When few pieces of a card are left, with CardId and Detail',
	},
	{
		name: 'Card Sub-Merchant Reviewed (子商户审核结果)',
		value: 'event.card_merchant_check_result',
		description: 'When a sub-merchant for cards was reviewed, with MerchantId, IsPass and Reason',
	},
	{
		name: 'Chat Opened From Card (从卡券进入公众号会话)',
		value: 'event.user_enter_session_from_card',
		description:
			'When a user enters the chat of the account from a card, with CardId and UserCardCode',
	},
	{
		name: 'Customer Service: Session Closed (关闭会话)',
		value: 'event.kf_close_session',
		description: 'When a chat with a customer service agent ends, with the agent in KfAccount',
	},
	{
		name: 'Customer Service: Session Created (接入会话)',
		value: 'event.kf_create_session',
		description: 'When a customer service agent takes over a chat, with the agent in KfAccount',
	},
	{
		name: 'Customer Service: Session Entered (进入客服会话)',
		value: 'event.user_enter_tempsession',
		description:
			'When a user opens the customer service chat of a mini program, with SessionFrom as set on the button',
	},
	{
		name: 'Customer Service: Session Transferred (转接会话)',
		value: 'event.kf_switch_session',
		description:
			'When a chat passes from one customer service agent to another, with FromKfAccount and ToKfAccount',
	},
	{
		name: 'Gift Card Accepted (礼品卡领取)',
		value: 'event.giftcard_user_accept',
		description:
			'When a friend accepts gift cards, with OrderId and IsChatRoom if they came through a group',
	},
	{
		name: 'Gift Card Bought (礼品卡付款成功)',
		value: 'event.giftcard_pay_done',
		description: 'When a user has paid for gift cards, with PageId for the shelf and OrderId',
	},
	{
		name: 'Gift Card Sent to Friend (礼品卡赠送)',
		value: 'event.giftcard_send_to_friend',
		description:
			'When a user sends bought gift cards to a friend, with OrderId and IsChatRoom if they went to a group',
	},
	{
		name: 'Guide QR Code Scanned (扫描顾问二维码)',
		value: 'event.guide_qrcode_scan_event',
		description:
			'When a user scans the QR code of a shopping guide, with the guide, the user and qrcode_info in GuideScanEvent',
	},
	{
		name: 'Invoice Authorized (发票授权完成)',
		value: 'event.user_authorize_invoice',
		description:
			'When a user agrees to get an electronic invoice for an order, with SuccOrderId or FailOrderId and Source',
	},
	{
		name: 'Invoice Issued (开票结果)',
		value: 'event.cloud_invoice_invoiceresult_event',
		description:
			'When WeChat has tried to issue an electronic invoice, with status, the request number fpqqlsh and the tax number nsrsbh',
	},
	{
		name: 'Invoice Status Changed (发票状态更新)',
		value: 'event.update_invoice_status',
		description:
			'When the reimbursement state of an electronic invoice changes, with Status, CardId and Code',
	},
	{
		name: 'Invoice Title Submitted (提交发票抬头)',
		value: 'event.submit_invoice_title',
		description:
			'When a user submits an invoice title, with title, title_type, tax_no, addr and phone',
	},
	{
		name: 'Location Report (上报地理位置)',
		value: 'event.location',
		description:
			'When a follower opens the chat and shares the position, with Latitude, Longitude and Precision',
	},
	{
		name: 'Mass Message Sent (群发结果)',
		value: 'event.masssendjobfinish',
		description:
			'When a mass message has been sent or refused, with MsgID, Status and its meaning in statusText, TotalCount, SentCount, ErrorCount, and the article addresses in ArticleUrlResult',
	},
	{
		name: 'Membership Card Activated (会员卡激活)',
		value: 'event.submit_membercard_user_info',
		description:
			'When a user fills in the form that activates a membership card, with CardId and UserCardCode',
	},
	{
		name: 'Membership Card Opened (进入会员卡)',
		value: 'event.user_view_card',
		description:
			'When a user opens a membership card, with CardId, UserCardCode and the channel in OuterStr',
	},
	{
		name: 'Membership Card Updated (会员卡内容更新)',
		value: 'event.update_member_card',
		description:
			'When points or balance of a membership card change, with UserCardCode, ModifyBonus and ModifyBalance',
	},
	{
		name: 'Menu Album Picture Sent (微信相册发图)',
		value: 'event.pic_weixin',
		description:
			'When a user picks photos from the WeChat album by a menu button, with their number in SendPicsInfo.Count, followed by them as image messages',
	},
	{
		name: 'Menu Click (点击菜单)',
		value: 'event.click',
		description:
			'When a user taps a menu button of the click type, with the key of the button in EventKey',
	},
	{
		name: 'Menu Code Scanned (扫码推事件)',
		value: 'event.scancode_push',
		description:
			'When a user scans a code by a menu button and WeChat shows the result, which is in ScanCodeInfo.ScanResult',
	},
	{
		name: 'Menu Code Scanned, Waiting for Reply (扫码带提示)',
		value: 'event.scancode_waitmsg',
		description:
			'When a user scans a code by a menu button and waits for an answer, with the result in ScanCodeInfo.ScanResult',
	},
	{
		name: 'Menu Link Opened (点击菜单跳转链接)',
		value: 'event.view',
		description:
			'When a user taps a menu button that opens a web page, with the address in EventKey and the MenuId',
	},
	{
		name: 'Menu Location Sent (弹出地理位置选择器)',
		value: 'event.location_select',
		description:
			'When a user picks a place by a menu button, with the place in SendLocationInfo, followed by a location message',
	},
	{
		name: 'Menu Mini Program Opened (点击菜单跳转小程序)',
		value: 'event.view_miniprogram',
		description:
			'When a user taps a menu button that opens a mini program, with the page path in EventKey and the MenuId',
	},
	{
		name: 'Menu Photo or Album Picture Sent (拍照或者相册发图)',
		value: 'event.pic_photo_or_album',
		description:
			'When a user takes or picks photos by a menu button, with their number in SendPicsInfo.Count, followed by them as image messages',
	},
	{
		name: 'Menu Photo Taken (系统拍照发图)',
		value: 'event.pic_sysphoto',
		description:
			'When a user takes photos by a menu button, with their number in SendPicsInfo.Count, followed by the photos as image messages',
	},
	{
		name: 'Mini Program Appeal Recorded (小程序申诉记录)',
		value: 'event.wxa_appeal_record',
		description:
			'When an appeal against a penalty of a mini program is filed or decided, with appeal_record_id and appeal_status',
	},
	{
		name: 'Mini Program Category Reviewed (类目审核结果)',
		value: 'event.wxa_category_audit',
		description:
			'When a category of a mini program was reviewed, with the category in first and second, ret (2 rejected, 3 approved) and reason',
	},
	{
		name: 'Mini Program Code Approved (代码审核通过)',
		value: 'event.weapp_audit_success',
		description:
			'When a submitted version of a mini program passed the review at SuccTime and can be released',
	},
	{
		name: 'Mini Program Code Rejected (代码审核不通过)',
		value: 'event.weapp_audit_fail',
		description:
			'When a submitted version of a mini program failed the review, with the lines of Reason in reasonText and the media IDs of screenshots in ScreenShot',
	},
	{
		name: 'Mini Program Code Review Delayed (代码审核延后)',
		value: 'event.weapp_audit_delay',
		description:
			'When the review of a mini program version takes longer, with Reason, reasonText and DelayTime',
	},
	{
		name: 'Mini Program Content Check Result (内容安全异步检测结果)',
		value: 'event.wxa_media_check',
		description:
			'When the check of a picture or sound that was asked for is done, with trace_id and result.suggest (pass, review or risky)',
	},
	{
		name: 'Mini Program Location API Reviewed (地理位置接口审核结果)',
		value: 'event.wxa_privacy_apply',
		description:
			'When the request to use a privacy API such as wx.choosePoi was reviewed, with api_name, status and reason in result_info',
	},
	{
		name: 'Mini Program Name Reviewed (名称审核结果)',
		value: 'event.wxa_nickname_audit',
		description:
			'When a new mini program name was reviewed, with nickname, ret (2 rejected, 3 approved) and reason',
	},
	{
		name: 'Mini Program Penalized (小程序处罚通知)',
		value: 'event.wxa_punish_event',
		description:
			'When a mini program is warned or punished, with event_type, illegal_reason, rule_name and the details as JSON text in detail',
	},
	{
		name: 'Scan QR Code (扫描带参数二维码)',
		value: 'event.scan',
		description:
			'When a follower scans a QR code of the account, with the scene in EventKey and the Ticket of the code',
	},
	{
		name: 'Shake Nearby (摇周边)',
		value: 'event.shakearoundusershake',
		description: 'When a user shakes the phone near a beacon, with ChosenBeacon and AroundBeacons',
	},
	{
		name: 'Shop Order Paid (微信小店订单付款)',
		value: 'event.merchant_order',
		description:
			'When a user pays an order of the WeChat shop, with OrderId, OrderStatus, ProductId and SkuInfo',
	},
	{
		name: 'Store Reviewed (门店审核结果)',
		value: 'event.poi_check_notify',
		description:
			'When a store was reviewed, with your own number in UniqId, PoiId, Result (succ or fail) and Msg',
	},
	{
		name: 'Subscribe (关注)',
		value: 'event.subscribe',
		description:
			'When a user follows the account, also by scanning a QR code (then EventKey starts with qrscene_ and Ticket is set)',
	},
	{
		name: 'Subscription Changed (管理订阅通知)',
		value: 'event.subscribe_msg_change_event',
		description:
			'When a user changes subscription notifications in the settings, with TemplateId and SubscribeStatusString in each List entry',
	},
	{
		name: 'Subscription Message Delivered (订阅通知发送结果)',
		value: 'event.subscribe_msg_sent_event',
		description:
			'When a subscription message arrived or failed, with TemplateId, MsgID, ErrorCode and ErrorStatus in each List entry',
	},
	{
		name: 'Subscription Popup Answered (订阅通知弹窗)',
		value: 'event.subscribe_msg_popup_event',
		description:
			'When a user accepts or rejects subscription notifications in the popup, with TemplateId and SubscribeStatusString in each List entry',
	},
	{
		name: 'Template Message Delivered (模板消息发送结果)',
		value: 'event.templatesendjobfinish',
		description:
			'When a template message arrived or failed, with its MsgID and Status success, failed:user block or failed: system failed',
	},
	{
		name: 'Trial Mini Program Verification Requested (试用小程序转正申请)',
		value: 'event.betaapp_verify_apply_event',
		description:
			'When the verification of a trial mini program was asked for, with the state of the request in ApplyAuthorizationInfoNoitfy, as WeChat spells it',
	},
	{
		name: 'Trial Mini Program Verified (试用小程序转正结果)',
		value: 'event.betaapp_verify_event',
		description:
			'When the verification of a trial mini program has ended, with appid, status and msg in ApplyAuthorizationInfoNoitfy, as WeChat spells it',
	},
	{
		name: 'Unsubscribe (取消关注)',
		value: 'event.unsubscribe',
		description:
			'When a user stops following the account, so that FromUserName can no longer be written to',
	},
	{
		name: 'User Authorization Canceled (授权用户完成注销)',
		value: 'event.user_authorization_cancellation',
		description:
			'When a user deletes the WeChat account, so that all data of OpenID must be deleted',
	},
	{
		name: 'User Authorization Revoked (授权用户撤回授权)',
		value: 'event.user_authorization_revoke',
		description:
			'When a user takes back permissions, so that the data must be deleted, with OpenID and the numbers of the permissions in RevokeInfo',
	},
	{
		name: 'User Data Changed (授权用户资料变更)',
		value: 'event.user_info_modified',
		description:
			'When a user who authorized the app changes profile data that it may hold, with OpenID and AppID',
	},
	{
		name: 'Verification: Annual Renewal Due (年审通知)',
		value: 'event.annual_renew',
		description: 'When the yearly verification of the account has to be renewed before ExpiredTime',
	},
	{
		name: 'Verification: Expired (认证过期失效)',
		value: 'event.verify_expired',
		description:
			'When the verification of the account ran out at ExpiredTime and its APIs are closing',
	},
	{
		name: 'Verification: Name Failed (名称认证失败)',
		value: 'event.naming_verify_fail',
		description:
			'When the name check of the account verification failed, with FailTime and FailReason',
	},
	{
		name: 'Verification: Name Passed (名称认证成功)',
		value: 'event.naming_verify_success',
		description: 'When the name check of the account verification passed, valid until ExpiredTime',
	},
	{
		name: 'Verification: Qualification Failed (资质认证失败)',
		value: 'event.qualification_verify_fail',
		description:
			'When the qualification check of the account verification failed, with FailTime and FailReason',
	},
	{
		name: 'Verification: Qualification Passed (资质认证成功)',
		value: 'event.qualification_verify_success',
		description:
			'When the qualification check of the account verification passed and its APIs are open, valid until ExpiredTime',
	},
	{
		name: 'Wi-Fi Connected (微信连Wi-Fi)',
		value: 'event.wificonnected',
		description:
			'When a user connects to the Wi-Fi of a store, with ConnectTime, PlaceId and DeviceNo',
	},
];

/**
 * What WeChat pushes to the address of a third-party platform itself, by InfoType. Everybody sees these in one menu, so
 * each name says whom it is for.
 */
export const AUTHORIZATIONS: EventType[] = [
	{
		name: 'Platform: Authorization Canceled (取消授权)',
		value: 'authorization.unauthorized',
		description:
			'When an account takes its authorization back, so that nothing can be done for AuthorizerAppid any more',
	},
	{
		name: 'Platform: Authorization Granted (授权成功)',
		value: 'authorization.authorized',
		description:
			'When an account authorizes the third-party platform, with its name, kind and permissions; its tokens are already stored',
	},
	{
		name: 'Platform: Authorization Updated (授权更新)',
		value: 'authorization.updateauthorized',
		description:
			'When an account changes what the third-party platform may do, with its permissions; its new tokens are already stored',
	},
	{
		name: 'Platform: ICP Filing Face Check Result (备案人脸核身)',
		value: 'authorization.notify_icpfiling_verify_result',
		description:
			'When the face check for an ICP filing has ended, with task_id, verify_appid and result (2 failed, 3 passed)',
	},
	{
		name: 'Platform: ICP Filing Review Result (备案审核结果)',
		value: 'authorization.notify_apply_icpfiling_result',
		description:
			'When the ICP filing of a mini program was approved or rejected, with authorizer_appid and beian_status',
	},
	{
		name: 'Platform: Mini Program Registered (快速注册小程序)',
		value: 'authorization.notify_third_fasteregister',
		description:
			'When the fast registration of a mini program has ended, with appid, status (0 for success) and its meaning in statusText; its tokens are already stored',
	},
	{
		name: 'Platform: Mini Program Verification Due (小程序年审提醒)',
		value: 'authorization.notify_3rd_wxa_wxverify',
		description:
			'When the verification of a mini program runs out soon, with appid and the time in expired',
	},
	{
		name: 'Platform: Mini Program Verification Progress (小程序认证进度)',
		value: 'authorization.notify_3rd_wxa_auth',
		description:
			'When the paid verification of a mini program moves on, with appid, taskid, task_status and apply_status',
	},
	{
		name: 'Platform: Mini Program Verification With ICP Filing (认证及备案进度)',
		value: 'authorization.notify_3rd_wxa_auth_and_icp',
		description:
			'When a combined verification and ICP filing moves on, with procedure_id, procedure_status and authorizer_appid',
	},
	{
		name: 'Platform: Order Center Path Reviewed (订单页路径审核结果)',
		value: 'authorization.order_path_audit_result_notify',
		description:
			'When paths of order pages were reviewed, with appid, audit_id, status (4 for approved) and reason in each list entry',
	},
	{
		name: 'Platform: Order Center Path Submitted (订单页路径提交结果)',
		value: 'authorization.order_path_apply_result_notify',
		description:
			'When paths of order pages were handed in for review, with appid and ret_code (0 for success) in each list entry',
	},
	{
		name: 'Platform: Trial Mini Program Created (创建试用小程序)',
		value: 'authorization.notify_third_fastregisterbetaapp',
		description:
			'When a trial mini program was created or refused, with appid, status (0 for success), msg and unique_id in info',
	},
	{
		name: 'Platform: Trial Mini Program Registered (试用小程序快速认证)',
		value: 'authorization.notify_third_fastverifybetaapp',
		description:
			'When the fast verification of a trial mini program has ended, with appid, status (0 for success) and msg',
	},
	{
		name: 'Platform: Verify Ticket (验证票据)',
		value: 'authorization.component_verify_ticket',
		description:
			'When WeChat renews the ticket of the third-party platform, every 10 minutes; it is kept without a run, and never shown',
	},
];

/** A browser that WeChat sent back from an authorization link. */
export const ACCOUNT_AUTHORIZED: EventType = {
	name: 'Platform: Account Authorized in Browser (授权回调)',
	value: 'visit.authorized',
	description:
		'When the owner of an account comes back from an authorization link, with accountAppId; its tokens are already stored',
};

/** A browser that WeChat sent back from a link for web authorization. */
export const USER_SIGNED_IN: EventType = {
	name: 'Browser: User Signed In (网页授权回调)',
	value: 'visit.signedin',
	description:
		'When a user comes back from a web authorization link, with openid, state, wxTkId and, if the user agreed, user',
};

/** Anything that the lists above do not know. */
export const OTHER: EventType = {
	name: 'Other',
	value: 'other',
	description:
		'When WeChat pushes something that is not in this list, with the type in MsgType, Event or InfoType',
};

/** One thing under two names: WeChat's samples and the libraries of others disagree on these. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	['authorization.wxa_nickname_audit', 'event.wxa_nickname_audit'],
	['event.freepublishjobfinish', 'event.publishjobfinish'],
]);

const KNOWN: ReadonlySet<string> = new Set(
	[...MESSAGES, ...EVENTS, ...AUTHORIZATIONS, ACCOUNT_AUTHORIZED, USER_SIGNED_IN].map(
		({ value }) => value,
	),
);

/**
 * The kind of a push: from InfoType, else Event, else MsgType. WeChat writes some names in capitals
 * and mixes case between accounts, so case does not count. A name that is not listed makes a kind of
 * its own, such as `event.something_new`; a push without any name is `other`.
 */
export function toEventType(message: Readonly<Record<string, unknown>>): string {
	const infoType = normalizeName(message.InfoType);
	if (infoType) return resolveAlias(`authorization.${infoType}`);
	const event = normalizeName(message.Event);
	if (event) return resolveAlias(`event.${event}`);
	const type = normalizeName(message.MsgType);
	return type && type !== 'event' ? `message.${type}` : OTHER.value;
}

/** Whether `kind` is one that the lists above know. */
export function isKnownEventType(kind: string): boolean {
	return KNOWN.has(kind);
}

function normalizeName(value: unknown): string {
	// Some official samples have white space around the CDATA.
	return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

function resolveAlias(kind: string): string {
	return ALIASES.get(kind) ?? kind;
}
