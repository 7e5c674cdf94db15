import type { Page } from 'playwright-core';

/**
 * Texts of a page that are hard to read: those whose contrast is less than 4.5 to 1 (WCAG 2.2, 1.4.3 AA).
 * The script runs in the page; it looks at colors only, not at pictures behind a text.
 */
export const findFaintTexts = async (page: Page): Promise<string[]> =>
	await page.evaluate<string[]>(`(() => {
		const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
		const rgba = (color) => {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = color;
			canvas.fillRect(0, 0, 1, 1);
			return [...canvas.getImageData(0, 0, 1, 1).data];
		};
		const behind = (element) => {
			for (let one = element; one; one = one.parentElement) {
				const color = rgba(getComputedStyle(one).backgroundColor);
				if (color[3] === 255) return color;
			}
			return [255, 255, 255];
		};
		const light = (color) => {
			const [red, green, blue] = color.slice(0, 3).map((part) => {
				const value = part / 255;
				return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const contrast = (element) => {
			const [one, other] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
			return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
		};
		const hasText = (element) => [...element.childNodes].some(
			(node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
		return [...document.body.querySelectorAll('*')]
			.filter((element) => element.checkVisibility() && hasText(element))
			.filter((element) => !element.disabled && contrast(element) < 4.5)
			.map((element) => element.tagName + ' ' + element.textContent.trim().slice(0, 40) + ' ' + contrast(element).toFixed(2));
	})()`);
