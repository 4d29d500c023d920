"""How a phone comes to trust the demo: a plain page, and a QR code in the terminal.

The page is served over plain HTTP, before there is any trust, so it is nothing but text: no
script, no style, nothing to load. What keeps a stranger on the network from handing out another
authority is the fingerprint, which the terminal shows and the phone shows.
"""

from __future__ import annotations

from html import escape

from server.documents.barcodes import qr_matrix
from server.lan import LanTrust

QUIET = 4
_DARK_ON_LIGHT = "\x1b[30;107m"
_PLAIN = "\x1b[0m"

STEPS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Trust this Dockhand demo",
        "why": (
            "A browser gives a page the camera, the position and work without a network only when"
            " it trusts where the page comes from. These steps make this phone trust this one"
            " computer for seven days."
        ),
        "download": "Download the certificate",
        "compare": "Compare this fingerprint with the one in the terminal before you go on:",
        "android": "Android (Chrome)",
        "android_1": "Tap “Download the certificate” above.",
        "android_2": (
            "Open Settings, search for “CA certificate”, choose it, tap “Install anyway” and pick"
            " the file from Downloads. (Usual place: Security, Encryption & credentials, Install"
            " a certificate.)"
        ),
        "android_3": (
            "To compare: Settings, Encryption & credentials, Trusted credentials, User. Open the"
            " entry and look at its SHA-256 fingerprint."
        ),
        "ios": "iPhone and iPad (Safari)",
        "ios_1": "In Safari, tap “Download the certificate” above, then Allow.",
        "ios_2": (
            "Open Settings, tap “Profile Downloaded” near the top, then Install. (Later: General,"
            " VPN & Device Management.)"
        ),
        "ios_3": (
            "Open Settings, General, About, Certificate Trust Settings, and switch the certificate"
            " on."
        ),
        "open": "Then open:",
        "limits": (
            "The certificate can vouch for this computer's name and addresses only. Nobody can"
            " issue another with it: its key was destroyed when the demo started. It expires on"
            " {expires}."
        ),
        "remove": (
            "To remove it sooner: on Android under User credentials, on iPhone under General,"
            " VPN & Device Management."
        ),
        "terminal": "Scan with the phone's camera, or type:",
        "same": "Page and phone must show this fingerprint; if not, stop:",
    },
    "zh-Hans": {
        "title": "信任这个 Dockhand 演示",
        "why": (
            "只有当浏览器信任页面的来源时，才会允许使用摄像头、定位和离线功能。"
            "按以下步骤，这部手机将在七天内信任这一台电脑。"
        ),
        "download": "下载证书",
        "compare": "继续之前，请与终端中显示的指纹核对：",
        "android": "Android（Chrome）",
        "android_1": "点按上方的“下载证书”。",
        "android_2": (
            "打开“设置”，搜索“CA 证书”并选择它，点按“仍然安装”，再从“下载”中选择该文件。"
            "（通常位置：安全、加密与凭据、安装证书。）"
        ),
        "android_3": (
            "核对方法：设置、加密与凭据、信任的凭据、用户。打开该条目，查看 SHA-256 指纹。"
        ),
        "ios": "iPhone 和 iPad（Safari）",
        "ios_1": "在 Safari 中点按上方的“下载证书”，再点按“允许”。",
        "ios_2": (
            "打开“设置”，点按靠近顶部的“已下载描述文件”，再点按“安装”。"
            "（之后可在“通用”的“VPN与设备管理”中找到。）"
        ),
        "ios_3": "打开“设置”、“通用”、“关于本机”、“证书信任设置”，打开该证书的开关。",
        "open": "然后打开：",
        "limits": (
            "该证书只能为这台电脑的名称和地址作证。它的密钥在演示启动时已销毁，"
            "任何人都无法再用它签发证书。有效期至 {expires}。"
        ),
        "remove": ("如需提前移除：Android 在“用户凭据”中，iPhone 在“通用”的“VPN与设备管理”中。"),
        "terminal": "用手机相机扫描，或输入：",
        "same": "页面和手机上显示的指纹必须与此相同，否则请停止：",
    },
    "zh-Hant": {
        "title": "信任這個 Dockhand 示範",
        "why": (
            "只有當瀏覽器信任頁面的來源時，才會允許使用相機、定位和離線功能。"
            "按以下步驟，這支手機將在七天內信任這一台電腦。"
        ),
        "download": "下載憑證",
        "compare": "繼續之前，請與終端機中顯示的指紋核對：",
        "android": "Android（Chrome）",
        "android_1": "點按上方的「下載憑證」。",
        "android_2": (
            "打開「設定」，搜尋「CA 憑證」並選擇它，點按「仍要安裝」，再從「下載」中選擇該檔案。"
            "（通常位置：安全性、加密與憑證、安裝憑證。）"
        ),
        "android_3": (
            "核對方法：設定、加密與憑證、信任的憑證、使用者。打開該項目，查看 SHA-256 指紋。"
        ),
        "ios": "iPhone 和 iPad（Safari）",
        "ios_1": "在 Safari 中點按上方的「下載憑證」，再點按「允許」。",
        "ios_2": (
            "打開「設定」，點按靠近頂端的「已下載描述檔」，再點按「安裝」。"
            "（之後可在「一般」的「VPN與裝置管理」中找到。）"
        ),
        "ios_3": "打開「設定」、「一般」、「關於本機」、「憑證信任設定」，打開該憑證的開關。",
        "open": "然後打開：",
        "limits": (
            "該憑證只能為這台電腦的名稱和位址作證。它的金鑰在示範啟動時已銷毀，"
            "任何人都無法再用它簽發憑證。有效期至 {expires}。"
        ),
        "remove": (
            "如需提前移除：Android 在「使用者憑證」中，iPhone 在「一般」的「VPN與裝置管理」中。"
        ),
        "terminal": "用手機相機掃描，或輸入：",
        "same": "頁面和手機上顯示的指紋必須與此相同，否則請停止：",
    },
}
_OWN_NAMES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def trust_page(trust: LanTrust, *, site_url: str, ca_url: str) -> str:
    """The whole HTML page, in three languages one after the other.

    ``ca_url`` must answer ``trust.ca_der`` as ``application/x-x509-ca-cert`` with the file name
    ``dockhand-ca.crt``; ``site_url`` is the HTTPS address of the demo.
    """
    links = " · ".join(
        f'<a href="#{tag}" lang="{tag}">{name}</a>' for tag, name in _OWN_NAMES.items()
    )
    sections = "".join(_section(tag, trust, site_url, ca_url) for tag in STEPS)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(STEPS['en']['title'])}</title></head><body><nav>{links}</nav>"
        f"{sections}</body></html>\n"
    )


def terminal_steps(trust: LanTrust, *, page_url: str, language: str, colour: bool) -> str:
    """What the terminal shows: QR code and address of the page, and the fingerprint to compare."""
    words = STEPS.get(language, STEPS["en"])
    return "\n".join(
        [
            terminal_qr(page_url, colour=colour),
            f"{words['terminal']} {page_url}",
            words["same"],
            f"  {trust.fingerprint}",
            words["limits"].format(expires=f"{trust.expires:%Y-%m-%d %H:%M} UTC"),
        ]
    )


def terminal_qr(text: str, *, colour: bool) -> str:
    """A QR code of half blocks, two rows of modules a line.

    With ``colour`` (a terminal that obeys ANSI codes) it is dark on light whatever the theme;
    without, light modules are drawn, which is right on a dark terminal.
    """
    rows = _with_quiet_zone(qr_matrix(text))
    if len(rows) % 2:
        rows.append("0" * len(rows[0]))
    glyphs = {"00": " ", "10": "▀", "01": "▄", "11": "█"}
    if not colour:
        glyphs = {"11": " ", "01": "▀", "10": "▄", "00": "█"}
    lines = [
        "".join(glyphs[upper + lower] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
    if colour:
        lines = [f"{_DARK_ON_LIGHT}{line}{_PLAIN}" for line in lines]
    return "\n".join(lines)


def _with_quiet_zone(rows: list[str]) -> list[str]:
    side = "0" * QUIET
    blank = "0" * (len(rows) + 2 * QUIET)
    return [*[blank] * QUIET, *(side + row + side for row in rows), *[blank] * QUIET]


def _section(tag: str, trust: LanTrust, site_url: str, ca_url: str) -> str:
    words = {key: escape(text) for key, text in STEPS[tag].items()}
    url, site = escape(ca_url), escape(site_url)
    steps = "".join(
        f"<h3>{words[phone]}</h3><ol>"
        + "".join(f"<li>{words[f'{phone}_{number}']}</li>" for number in (1, 2, 3))
        + "</ol>"
        for phone in ("android", "ios")
    )
    expires = f"{trust.expires:%Y-%m-%d %H:%M} UTC"
    return (
        f'<section id="{tag}" lang="{tag}"><h2>{words["title"]}</h2><p>{words["why"]}</p>'
        f'<p><a href="{url}" download="dockhand-ca.crt">{words["download"]}</a></p>'
        f"<p>{words['compare']}</p><p><code>{_breakable(trust.fingerprint)}</code></p>{steps}"
        f'<p>{words["open"]} <a href="{site}">{site}</a></p>'
        f"<p>{words['limits'].format(expires=expires)}</p><p>{words['remove']}</p></section><hr>"
    )


def _breakable(fingerprint: str) -> str:
    """Four groups of eight bytes with room to wrap: 95 characters fit no phone's width."""
    parts = fingerprint.split(":")
    return " ".join(":".join(parts[at : at + 8]) for at in range(0, len(parts), 8))
