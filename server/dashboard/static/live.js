// What every live page shares: the server's clock as last heard, ages in words, and whether we still hear anything.
// Nothing here asks any host but the one that the page came from.
window.wardlinkLive = {
  LOST_AFTER_MS: 5000, // frames come every second; five missed ones are no hiccup

  // `heard`: { now: the server's clock in the last frame, at: our own clock when it came }.
  serverNow(heard) {
    return heard.now + Math.max(0, Date.now() - heard.at);
  },

  isLost(heard) {
    const socket = window.socket;
    return Date.now() - heard.at > this.LOST_AFTER_MS || (socket !== undefined && !socket.connected && socket.wardlinkSeen === true);
  },

  watchSocket() {
    if (window.socket && window.socket.connected) window.socket.wardlinkSeen = true;
  },

  age(words, ms) {
    const seconds = Math.floor(ms / 1000);
    if (seconds < 0) return words.ahead;
    if (seconds < 60) return words.seconds.replace("{n}", seconds);
    if (seconds < 3600) return words.minutes.replace("{n}", Math.floor(seconds / 60));
    if (seconds < 48 * 3600) return words.hours.replace("{n}", Math.floor(seconds / 3600));
    return words.days.replace("{n}", Math.floor(seconds / 86400));
  },

  clock(zone, ms, withDay) {
    const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone };
    if (withDay) Object.assign(parts, { month: "2-digit", day: "2-digit" });
    return new Intl.DateTimeFormat("sv-SE", parts).format(new Date(ms));
  },
};
