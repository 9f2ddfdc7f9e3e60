// A table whose rows come anew with each frame: the fleet. Cells are text, an instant whose age runs, or a link.
export default {
  template: `
  <div class="live-table" :class="{ lost }">
    <div v-if="lost" class="lost-banner" role="alert">
      <b>{{ words.lost }}</b> <span>{{ words.lost_since.replace("{time}", clock(heard.now)) }}</span>
    </div>
    <div class="table-tools">
      <label v-if="find !== null"><span>{{ words.search }}</span> <input type="search" v-model="q" @input="remember" autocomplete="off"></label>
      <span class="shown">{{ words.shown.replace("{n}", counted(visible)).replace("{all}", counted(rows)) }}</span>
    </div>
    <div class="table-scroll" tabindex="0" role="region" :aria-label="words.table">
      <table>
        <thead><tr><th v-for="column in columns" :key="column.name" scope="col" :class="column.cls">{{ column.label }}</th></tr></thead>
        <tbody>
          <tr v-for="row in visible" :key="row.key" :class="row.cls" :data-key="row.key">
            <td v-for="column in columns" :key="column.name" :class="[column.cls, lost && row.cells[column.name].live ? 'muted' : row.cells[column.name].cls]" :data-label="column.label">
              <a v-if="row.cells[column.name].href" :href="row.cells[column.name].href">{{ row.cells[column.name].text }}</a>
              <template v-else-if="row.cells[column.name].at"><span :title="clock(row.cells[column.name].at, true)">{{ row.cells[column.name].text }} {{ age(row.cells[column.name].at) }}</span></template>
              <template v-else>{{ lost && row.cells[column.name].live ? words.not_live : row.cells[column.name].text }}</template>
            </td>
          </tr>
        </tbody>
      </table>
      <p v-if="!visible.length" class="nothing">{{ words.nothing_here }}</p>
    </div>
  </div>`,
  props: { columns: Array, initial: Object, words: Object, zone: String, find: String },
  data() {
    return { byKey: this.initial.rows, order: this.initial.order, heard: { now: this.initial.now, at: Date.now() }, now: this.initial.now, lost: false, q: this.find || "" };
  },
  computed: {
    rows() { return this.order.map((key) => this.byKey[key]).filter(Boolean); },
    visible() {
      const wanted = this.q.trim().toLowerCase();
      if (!wanted) return this.rows;
      return this.rows.filter((row) => row.cls === "total" || this.columns.some((c) => String(row.cells[c.name].text || "").toLowerCase().includes(wanted)));
    },
  },
  mounted() { this.timer = setInterval(() => this.look(), 500); },
  unmounted() { clearInterval(this.timer); },
  methods: {
    apply(...frames) {
      for (const frame of frames) this.take(frame);
      this.$nextTick(() => this.$emit("shown"));
    },
    take(frame) {
      Object.assign(this.byKey, frame.rows);
      if (frame.order) this.order = frame.order;
      this.heard = { now: frame.now, at: Date.now() };
      this.now = frame.now;
      this.lost = false;
    },
    look() {
      window.wardlinkLive.watchSocket();
      this.lost = window.wardlinkLive.isLost(this.heard);
      if (this.lost) this.now = window.wardlinkLive.serverNow(this.heard);
    },
    counted(rows) { return rows.filter((row) => row.cls !== "total").length; },
    remember() {
      const url = new URL(window.location.href);
      if (this.q) url.searchParams.set("q", this.q);
      else url.searchParams.delete("q");
      window.history.replaceState(null, "", url);
    },
    age(at) { return window.wardlinkLive.age(this.words.ages, this.now - at); },
    clock(at, withDay) { return window.wardlinkLive.clock(this.zone, at, withDay); },
  },
};
