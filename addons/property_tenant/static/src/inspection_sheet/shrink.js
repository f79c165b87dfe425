/** The longest side of a photo that is sent, in pixels. */
const LONGEST = 1600;

/**
 * A photo as small as it is kept: a phone's camera makes many megabytes, which take long on a
 * weak network.
 *
 * @param {string} url data address of a picture
 * @returns {Promise<string>} data address of a JPEG, or the same where nothing is gained
 */
export async function shrink(url) {
    const image = new Image();
    const loaded = new Promise((resolve) => {
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
    });
    image.src = url;
    if (!(await loaded)) {
        return url;
    }
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    if (scale === 1 && url.length < 700000) {
        return url;
    }
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const small = canvas.toDataURL("image/jpeg", 0.85);
    return small.length < url.length ? small : url;
}
