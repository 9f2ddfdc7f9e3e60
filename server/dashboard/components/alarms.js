// The open alerts and calls of a ward. As a station for the nurses' desk it is larger, can fill the screen, and sounds.
const SOUNDS = {
  high: { everyMs: 3000, beeps: 3, hertz: 880 },
  medium: { everyMs: 10000, beeps: 2, hertz: 660 },
  low: { everyMs: 60000, beeps: 1, hertz: 440 },
};

export default {
  template: `
  <div class="alarms" :class="{ lost, station }" ref="root">
    <div v-if="lost" class="lost-banner" role="alert">
      <b>{{ words.lost }}</b> <span>{{ words.lost_since.replace("{time}", clock(heard.now)) }}</span>
    </div>
    <div class="alarm-tools">
      <template v-if="station">
        <b class="alarm-clock">{{ clock(now) }}</b> <b>{{ words.place }}</b>
        <span v-if="words.sample" class="alarm-sample">{{ words.sample }}</span>
      </template>
      <span class="shown" aria-live="polite">{{ words.count.replace("{n}", alerts.length).replace("{open}", waiting.length) }}</span>
      <template v-if="station">
        <button type="button" class="button" :class="{ main: !sounding }" :aria-pressed="sounding" @click="toggleSound">{{ sounding ? words.sound_on : words.sound_off }}</button>
        <button type="button" class="button" @click="fill">{{ words.fill }}</button>
      </template>
    </div>
    <p v-if="trouble" class="notice bad" role="alert">{{ trouble }}</p>
    <p v-if="!alerts.length" class="nothing">{{ words.nothing_here }}</p>
    <ul class="alarm-list">
      <li v-for="alert in alerts" :key="alert.id" class="alarm" :class="[alert.priority, { waits: alert.state === 'offered' }]" :data-alert="alert.id">
        <div class="alarm-bed"><b>{{ alert.bed || words.no_bed }}</b><span>{{ alert.name }}</span></div>
        <div class="alarm-what">
          <p class="alarm-title"><span class="alarm-mark" :title="alert.urgency" aria-hidden="true">{{ alert.mark }}</span><span class="hidden-words">{{ alert.urgency }}</span> {{ alert.title }}</p>
          <p v-if="alert.detail">{{ alert.detail }}</p>
          <p class="alarm-state"><b>{{ alert.said }}</b> · {{ age(alert.since) }}<template v-if="next(alert)"> · {{ next(alert) }}</template></p>
          <p class="alarm-chain"><span v-for="step in alert.chain" :key="step.role" :class="{ asked: step.asked }">{{ step.role }}<span v-if="step.asked" class="hidden-words"> {{ words.asked }}</span></span></p>
          <details v-if="!station"><summary>{{ words.story }}</summary><ol><li v-for="(step, n) in alert.story" :key="n">{{ clock(step.at) }} {{ step.text }}</li></ol></details>
        </div>
        <div class="alarm-acts" v-if="acts">
          <template v-if="alert.state === 'offered'">
            <button v-for="minutes in [1, 3, 5]" :key="minutes" type="button" class="button main" :disabled="lost || busy === alert.id" @click="say(alert, 'accept', { eta_min: minutes })">{{ words.coming.replace("{n}", minutes) }}</button>
          </template>
          <details v-if="!alert.is_call && alert.state !== 'arrived'" :open="open === alert.id" @toggle="toggled(alert, $event)">
            <summary>{{ words.hand_on }}</summary>
            <form @submit.prevent="handOn(alert, $event)">
              <label><span>{{ words.to }}</span> <select name="to"><option v-for="role in roles" :key="role.code" :value="role.code">{{ role.text }}</option></select></label>
              <label><span>{{ words.reason }}</span> <input name="reason" type="text" maxlength="200" required></label>
              <button type="submit" class="button" :disabled="lost || busy === alert.id">{{ words.hand_on }}</button>
            </form>
          </details>
        </div>
      </li>
    </ul>
  </div>`,
  props: { initial: Object, words: Object, zone: String, language: String, station: Boolean, acts: String, roles: Array },
  data() {
    return { alerts: this.initial.alerts[this.language], heard: { now: this.initial.now, at: Date.now() }, now: this.initial.now, lost: false, trouble: "", busy: "", open: "", sounding: false, rang: {} };
  },
  computed: {
    waiting() { return this.alerts.filter((alert) => alert.state === "offered"); },
  },
  mounted() { this.timer = setInterval(() => this.look(), 250); },
  unmounted() { clearInterval(this.timer); },
  methods: {
    apply(...frames) {
      for (const frame of frames) this.take(frame);
      this.look();
      this.$nextTick(() => this.$emit("shown"));
    },
    take(frame) {
      if (frame.alerts) this.alerts = frame.alerts[this.language];
      this.heard = { now: frame.now, at: Date.now() };
      this.now = frame.now;
      this.lost = false;
    },
    look() {
      window.wardlinkLive.watchSocket();
      this.lost = window.wardlinkLive.isLost(this.heard);
      this.now = window.wardlinkLive.serverNow(this.heard);
      this.ring();
    },
    next(alert) {
      if (alert.answer_by === null || alert.state === "arrived") return "";
      const seconds = Math.max(0, Math.ceil((alert.answer_by - this.now) / 1000));
      const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      return this.words.next.replace("{left}", left);
    },
    async say(alert, act, fields) {
      this.busy = alert.id;
      this.trouble = "";
      try {
        const answer = await fetch(`${this.acts}${alert.id}/${act}`, { method: "POST", body: new URLSearchParams(fields) });
        if (!answer.ok) this.trouble = answer.status === 401 ? this.words.signed_out : (await answer.json()).said;
        else this.open = "";
      } catch (fault) {
        this.trouble = this.words.not_sent;
      }
      this.busy = "";
    },
    handOn(alert, event) { this.say(alert, "hand-on", Object.fromEntries(new FormData(event.target))); },
    toggled(alert, event) {
      if (event.target.open) this.open = alert.id;
      else if (this.open === alert.id) this.open = "";
    },
    fill() {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.$refs.root.requestFullscreen();
    },
    toggleSound() {
      this.sounding = !this.sounding;
      if (this.sounding) {
        this.audio = this.audio || new AudioContext();
        this.audio.resume();
        this.beep(SOUNDS.low);
      }
    },
    ring() {
      if (!this.sounding) return;
      for (const priority of Object.keys(SOUNDS)) {
        if (!this.waiting.some((alert) => alert.priority === priority)) continue;
        if (Date.now() - (this.rang[priority] || 0) >= SOUNDS[priority].everyMs) {
          this.rang[priority] = Date.now();
          this.beep(SOUNDS[priority]);
        }
        break; // what is less urgent is not heard beside it
      }
    },
    beep(sound) {
      for (let n = 0; n < sound.beeps; n += 1) {
        const tone = this.audio.createOscillator();
        const volume = this.audio.createGain();
        const begin = this.audio.currentTime + n * 0.25;
        tone.frequency.value = sound.hertz;
        volume.gain.setValueAtTime(0.0001, begin);
        volume.gain.exponentialRampToValueAtTime(0.4, begin + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.18);
        tone.connect(volume).connect(this.audio.destination);
        tone.start(begin);
        tone.stop(begin + 0.2);
      }
    },
    age(at) { return window.wardlinkLive.age(this.words.ages, this.now - at); },
    clock(at) { return window.wardlinkLive.clock(this.zone, at, false); },
  },
};
