// The board of one ward. Gets its first picture as a prop and every later frame through `apply`; keeps the ages
// running, and says so itself when frames stop coming. All text goes through Vue's text nodes, never as HTML.
export default {
  template: `
  <div class="board" :class="{ lost }">
    <div v-if="lost" class="lost-banner" role="alert">
      <b>{{ words.lost }}</b> <span>{{ words.lost_since.replace("{time}", clock(heard.now)) }}</span>
    </div>
    <section class="summary" :aria-label="words.summary">
      <div class="count"><b>{{ s.occupied }}</b><span>{{ words.occupied }}</span></div>
      <div class="count"><b>{{ s.empty }}</b><span>{{ words.empty_beds }}</span></div>
      <div v-if="s.closed" class="count"><b>{{ s.closed }}</b><span>{{ words.closed_beds }}</span></div>
      <div class="count" :class="{ hot: s.calls }"><b>{{ s.calls }}</b><span>{{ words.open_calls }}</span></div>
      <div class="count" :class="{ hot: s.high }"><b>{{ s.high }}</b><span>{{ words.high_scores }}</span></div>
      <div class="count" :class="{ warm: s.old }"><b>{{ s.old }}</b><span>{{ words.old_beds }}</span></div>
      <div class="count" :class="{ warm: s.silent }"><b>{{ s.silent }}</b><span>{{ words.silent_devices }}</span></div>
      <div class="count" :class="{ warm: s.overdue }"><b>{{ s.overdue }}</b><span>{{ words.overdue_work }}</span></div>
      <div class="count" :class="{ warm: s.exceptions }"><b>{{ s.exceptions }}</b><span>{{ words.exceptions }}</span></div>
      <div class="links">
        <span class="state" :class="broker && !lost ? 'good' : 'bad'">{{ lost ? words.server_unknown : broker ? words.link_good : words.link_bad }}</span>
        <span v-for="cart in carts" :key="cart.id" class="state" :class="deviceClass(cart)">{{ cart.name }} {{ deviceWord(cart) }}</span>
        <time class="now">{{ clock(now) }}</time>
      </div>
    </section>
    <div class="filters" role="group" :aria-label="words.show">
      <button v-for="name in filters" :key="name" type="button" :aria-pressed="shown === name ? 'true' : 'false'" @click="choose(name)">
        {{ words["show_" + name] }} <b>{{ countOf(name) }}</b>
      </button>
    </div>
    <div class="tiles">
      <bed-tile v-for="bed in visible" :key="bed" :t="tiles[bed]" :now="now" :lost="lost" :words="words" :stay="stay" :zone="zone"></bed-tile>
      <p v-if="!visible.length" class="nothing">{{ words.nothing_here }}</p>
    </div>
  </div>`,
  props: { initial: Object, words: Object, zone: String, stay: String, show: String },
  components: {
    "bed-tile": {
      props: ["t", "now", "lost", "words", "stay", "zone"],
      template: `
      <article class="tile" :class="classes" :data-bed="t.bed" :data-state="lost ? 'lost' : t.state" :aria-label="words.bed + ' ' + t.label">
        <div v-if="t.call" class="call" :class="t.call.cls.toLowerCase()">
          <b>{{ words.call }} {{ t.call.cls }}</b>
          <span>{{ t.call.reason ? (words.reasons[t.call.reason] || t.call.reason) : words.no_reason }}</span>
          <span v-if="t.call.family">{{ words.by_family }}</span>
          <span v-if="t.call.count > 1">×{{ t.call.count }}</span>
          <span class="age">{{ words.call_states[t.call.state] }}{{ t.call.by ? " · " + t.call.by : "" }} · {{ age(t.call.at) }}</span>
        </div>
        <header>
          <span class="label">{{ t.label }}</span>
          <template v-if="t.stay">
            <a class="name" :href="stay + t.stay">{{ t.name }}</a>
            <span class="who">{{ words.sexes[t.sex] }} {{ words.years.replace("{n}", t.age) }}</span>
            <span class="level" :class="t.level">{{ words.levels[t.level] || t.level }}</span>
          </template>
          <span v-else-if="t.closed" class="out-of-service">{{ words.closed_bed }}</span>
          <span v-else class="vacant">{{ words.vacant }}</span>
        </header>
        <p v-if="t.isolation && t.isolation.length" class="isolations">
          <span v-for="card in t.isolation" :key="card.code" class="isolation" :class="card.colour">{{ words.isolation[card.code] }}</span>
        </p>
        <p v-if="t.closed" class="closing">{{ closing }}<span class="age long">{{ t.closed.until === null ? words.until_open : words.closed_until.replace("{time}", day(t.closed.until)) }}</span></p>
        <p v-if="t.others" class="clash">{{ words.two_in_bed }}</p>
        <div v-if="t.stay" class="body">
          <div class="score" :class="[t.news2 && t.news2.band ? 'band-' + t.news2.band : 'band-none', { old: lost || (t.news2 && t.news2.old) }]">
            <button type="button" class="score-button" :aria-describedby="'parts-' + t.bed">
              <span class="caption">NEWS2</span>
              <span class="number">{{ t.news2 ? t.news2.text : "—" }}<i v-if="t.news2 && t.news2.trend" class="trend" :aria-label="words.trends[t.news2.trend]" :title="words.trends[t.news2.trend]">{{ arrows[t.news2.trend] }}</i></span>
              <span class="band">{{ bandWord }}</span>
              <span v-if="t.news2" class="age">{{ age(t.news2.at) }}</span>
            </button>
            <div class="parts" role="tooltip" :id="'parts-' + t.bed">
              <template v-if="t.news2 && t.news2.parts.length">
                <div v-for="part in t.news2.parts" :key="part.name" class="part">
                  <span>{{ words.parameters[part.name] }}</span>
                  <span>{{ partValue(part) }}</span>
                  <b>{{ part.points === null ? words.missing : part.points > 0 ? "+" + part.points : "0" }}</b>
                </div>
                <p v-if="!t.news2.whole">{{ words.partial }}</p>
                <p>{{ words.measured_at.replace("{time}", clock(t.news2.at)) }}</p>
              </template>
              <p v-else>{{ words.no_score }}</p>
            </div>
          </div>
          <dl class="cells">
            <div v-for="cell in t.cells" :key="cell.name" class="cell" :class="lost && cell.state === 'fresh' ? 'old' : cell.state" :data-cell="cell.name">
              <dt>{{ words.cells[cell.name] }}</dt>
              <dd>
                <template v-if="cell.state === 'off'"><b class="value off-words">{{ words.lead_off }}</b><span class="age long">{{ cell.last ? words.before.replace("{value}", cell.last.value).replace("{age}", age(cell.last.at)) : age(cell.at) }}</span></template>
                <template v-else-if="cell.state === 'none'"><b class="value">—</b><span class="age">{{ words.not_measured }}</span></template>
                <template v-else><b class="value">{{ cell.value }}</b><span class="age">{{ cell.state === "old" ? words.old + " " : "" }}{{ age(cell.at) }}</span></template>
              </dd>
            </div>
          </dl>
        </div>
        <p v-if="stateWord" class="tile-state">{{ stateWord }}</p>
        <footer v-if="t.devices.length || t.exceptions || t.overdue">
          <span v-for="device in t.devices" :key="device.id" class="device" :class="deviceClass(device)" :title="device.name" :data-device="device.id">
            {{ words.kinds[device.kind] || device.kind }} {{ deviceWord(device) }}<template v-if="device.online === false && device.at"> · {{ age(device.at) }}</template>
          </span>
          <span v-if="t.overdue" class="overdue-work">{{ words.overdue_here.replace("{n}", t.overdue) }}</span>
          <span v-if="t.exceptions" class="exceptions">{{ words.to_clear.replace("{n}", t.exceptions) }}</span>
        </footer>
      </article>`,
      data: () => ({ arrows: { up: "▲", down: "▼", same: "→" } }),
      computed: {
        classes() {
          const band = this.t.news2 && !this.t.news2.old && !this.lost ? "edge-" + this.t.news2.band : "";
          return [this.lost ? "is-lost" : "is-" + this.t.state, band, { calling: this.t.call, "is-silent": this.silent }];
        },
        bandWord() {
          if (!this.t.news2) return this.words.unknown;
          if (this.lost) return this.words.not_live;
          if (this.t.news2.old) return this.words.overdue;
          return this.t.news2.band ? this.words.bands[this.t.news2.band] : this.words.incomplete;
        },
        stateWord() {
          if (this.lost) return this.words.not_live;
          const said = { old: this.words.all_old, unknown: this.words.all_unknown }[this.t.state];
          return said || (this.silent ? this.words.device_silent : undefined);
        },
        closing() {
          const reason = this.words.closings[this.t.closed.reason] || this.t.closed.reason;
          if (!this.t.closed.words) return reason;
          if (this.t.closed.reason === "other") return this.t.closed.words;
          return this.words.closing_both.replace("{reason}", () => reason).replace("{words}", () => this.t.closed.words);
        },
        silent() { return !this.lost && this.t.devices.some((device) => device.online === false); },
      },
      methods: {
        age(at) { return window.wardlinkLive.age(this.words.ages, this.now - at); },
        clock(at) { return window.wardlinkLive.clock(this.zone, at, this.now - at > 12 * 3600e3); },
        day(at) { return window.wardlinkLive.clock(this.zone, at, true); },
        deviceClass(device) { return this.lost || device.online === null ? "unheard" : device.online ? "good" : "bad"; },
        deviceWord(device) { return this.words.online[this.lost ? "unknown" : device.online === null ? "unheard" : device.online ? "yes" : "no"]; },
        partValue(part) {
          if (part.key === null || part.value === null) return "—";
          if (typeof part.value === "boolean") return this.words.oxygen[part.value ? "yes" : "no"];
          return (this.words.codes[part.value] || part.value) + (this.words.units[part.key] ? " " + this.words.units[part.key] : "");
        },
      },
    },
  },
  data() {
    return {
      tiles: this.initial.tiles,
      order: this.initial.order,
      s: this.initial.summary,
      carts: this.initial.carts,
      broker: this.initial.broker,
      heard: { now: this.initial.now, at: Date.now() },
      now: this.initial.now,
      lost: false,
      shown: this.show || "all",
      filters: ["all", "calls", "scores", "old", "silent", "exceptions", "occupied"],
    };
  },
  computed: {
    visible() { return this.order.filter((bed) => this.tiles[bed] && this.fits(this.tiles[bed], this.shown)); },
  },
  mounted() {
    this.timer = setInterval(() => this.look(), 500);
  },
  unmounted() {
    clearInterval(this.timer);
  },
  methods: {
    apply(...frames) {
      for (const frame of frames) this.take(frame);
      this.$nextTick(() => this.$emit("shown"));
    },
    take(frame) {
      if (frame.order) {
        this.order = frame.order;
        this.tiles = frame.tiles;
      } else {
        Object.assign(this.tiles, frame.tiles);
      }
      this.s = frame.summary;
      this.carts = frame.carts;
      this.broker = frame.broker;
      this.heard = { now: frame.now, at: Date.now() };
      this.now = frame.now;
      this.lost = false;
    },
    look() {
      window.wardlinkLive.watchSocket();
      this.lost = window.wardlinkLive.isLost(this.heard);
      // While frames come, the server's clock is the only clock; without them ours shows that time goes on.
      if (this.lost) this.now = window.wardlinkLive.serverNow(this.heard);
    },
    choose(name) {
      this.shown = name;
      const url = new URL(window.location.href);
      if (name === "all") url.searchParams.delete("show");
      else url.searchParams.set("show", name);
      window.history.replaceState(null, "", url);
    },
    fits(tile, name) {
      switch (name) {
        case "calls": return Boolean(tile.call);
        case "scores": return Boolean(tile.news2 && tile.news2.band && tile.news2.band !== "low");
        case "old": return tile.state === "old" || tile.state === "unknown";
        case "silent": return tile.devices.some((device) => device.online === false);
        case "exceptions": return tile.exceptions > 0;
        case "occupied": return tile.state !== "empty" && tile.state !== "closed";
        default: return true;
      }
    },
    countOf(name) { return this.order.filter((bed) => this.tiles[bed] && this.fits(this.tiles[bed], name)).length; },
    clock(at) { return window.wardlinkLive.clock(this.zone, at); },
    deviceClass(device) { return this.lost || device.online === null ? "unheard" : device.online ? "good" : "bad"; },
    deviceWord(device) { return this.words.online[this.lost ? "unknown" : device.online === null ? "unheard" : device.online ? "yes" : "no"]; },
  },
};
