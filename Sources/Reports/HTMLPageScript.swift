extension HTMLPage {
    /// Draws the page from its data. Sets text, never markup: the content security policy would not stop a tag.
    ///
    /// Findings stay arrays of numbers until they are drawn, text to search in is made at the first search, rows are drawn sixty at a time
    /// while the reader scrolls, and what a row unfolds is made when it is opened.
    static let script = #"""
        (() => {
        'use strict';
        const $ = id => document.getElementById(id);
        const data = JSON.parse($('data').textContent);
        const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
        const PARTIES = data.parties;
        const VERDICTS = {fail: 'to fix', accepted: 'accepted', manual: 'to be looked at', notObservable: 'not observable'};
        const rank = Object.fromEntries(SEVERITIES.map((s, i) => [s, i]));
        const el = (tag, className, text) => {
          const node = document.createElement(tag);
          if (className) node.className = className;
          if (text !== undefined) node.textContent = text;
          return node;
        };
        // The catalogue writes names of fields between backticks.
        const prose = (node, text) => {
          text.split('`').forEach((part, i) => node.append(i % 2 ? el('code', '', part) : part));
          return node;
        };
        const paint = (node, severity) => { node.style.setProperty('--s', `var(--${severity})`); return node; };
        const tint = (node, party) => { node.style.setProperty('--p', `var(--${party})`); return node; };
        const plural = (n, word) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
        const capital = text => text[0].toUpperCase() + text.slice(1);

        const findings = data.findings.map(f => {
          const control = data.controls[f[0]], why = data.attributions[f[2]];
          return {control, verdict: f[1], why, object: data.objects[f[3]], container: f[4], source: data.sources[f[5]], line: f[6], path: f[7],
            message: f[8], grant: f[9], fingerprint: f[10], fix: f[11], severity: control.severity, party: why.party, duty: control.duty, text: null};
        });
        const order = Object.keys(VERDICTS);
        findings.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || rank[a.severity] - rank[b.severity]
          || (a.control.id < b.control.id ? -1 : a.control.id > b.control.id ? 1 : 0));
        const fails = findings.filter(f => f.verdict === 'fail');
        const tally = (list, key) => { const m = new Map(); for (const f of list) m.set(f[key], (m.get(f[key]) || 0) + 1); return m; };

        // The state of the filters lives in the address, so that a view can be sent to somebody.
        const state = {party: new Set(), severity: new Set(), verdict: new Set(), duty: new Set(), control: new Set(), q: ''};
        const SETS = ['party', 'severity', 'verdict', 'duty', 'control'];
        const readHash = () => {
          const query = new URLSearchParams(location.hash.slice(1));
          for (const name of SETS) state[name] = new Set((query.get(name) || '').split(',').filter(Boolean));
          state.q = query.get('q') || '';
        };
        const writeHash = () => {
          const query = new URLSearchParams();
          for (const name of SETS) if (state[name].size) query.set(name, [...state[name]].join(','));
          if (state.q) query.set('q', state.q);
          history.replaceState(null, '', '#' + query.toString().replaceAll('%2C', ','));
        };
        const toggle = (name, value) => {
          if (!state[name].delete(value)) state[name].add(value);
          writeHash();
          update();
        };
        const pressable = (node, name, value) => {
          node.type = 'button';
          node.dataset.filter = name;
          node.dataset.value = value;
          node.addEventListener('click', () => toggle(name, value));
          return node;
        };

        const drawHead = () => {
          const m = data.meta, byParty = tally(fails, 'party');
          $('facts').textContent = [`model ${m.model}`, `Kubernetes ${m.kubernetes}`, plural(m.objects, 'object'), plural(m.files, 'file'),
            plural(m.controls, 'control')].join(' · ');
          const parts = Object.keys(PARTIES).filter(p => byParty.get(p)).map(p => `${byParty.get(p).toLocaleString('en')} ${p}`);
          $('facts').title = m.modelTitle;
          $('headline').textContent = fails.length ? `${plural(fails.length, 'finding')} to fix: ${parts.join(', ')}`
            : data.gaps.length ? 'Nothing found, but not everything was judged' : m.evaluated ? 'Nothing to fix' : 'Nothing was judged';
          const others = order.slice(1).map(v => [v, findings.filter(f => f.verdict === v).length]).filter(e => e[1]);
          $('footer').textContent = [...others.map(([v, n]) => `${n.toLocaleString('en')} ${VERDICTS[v]}`), `${m.passed.toLocaleString('en')} passed`,
            ...(m.hidden ? [`${m.hidden.toLocaleString('en')} outside this view`] : []), `scanned at ${m.scannedAt}`, `Demarc ${m.version}`].join(' · ');
          if (!data.gaps.length) return;
          const box = $('gaps');
          box.hidden = false;
          box.firstElementChild.textContent = `${plural(data.gaps.length, 'gap')}: not judged, so not passed`;
          for (const gap of data.gaps.slice(0, 500)) box.lastElementChild.append(el('li', '', `${gap.source}${gap.line ? ':' + gap.line : ''}  ${gap.message}`));
        };

        const segments = (list, className) => {
          const bar = el('span', className), bySeverity = tally(list, 'severity');
          for (const s of SEVERITIES) {
            if (!bySeverity.get(s)) continue;
            const part = paint(el('span'), s);
            part.style.setProperty('--n', bySeverity.get(s));
            part.title = `${bySeverity.get(s)} ${s}`;
            bar.append(part);
          }
          return bar;
        };
        const drawParties = () => {
          for (const [party, explanation] of Object.entries(PARTIES)) {
            const own = fails.filter(f => f.party === party);
            if (!own.length && (party === 'vendor' || party === 'upstream' || party === 'shared')) continue;
            const card = tint(pressable(el('button', own.length ? 'party' : 'party none'), 'party', party), party);
            card.append(el('i', '', capital(party)), el('b', '', own.length.toLocaleString('en')), el('small', '', explanation), segments(own, 'bar'));
            const counts = el('span', 'counts'), bySeverity = tally(own, 'severity');
            for (const s of SEVERITIES) if (bySeverity.get(s)) counts.append(paint(el('span', '', `${bySeverity.get(s).toLocaleString('en')} ${s}`), s));
            card.append(counts);
            $('parties').append(card);
          }
        };
        // The line: what the platform must do on its left, what the customer must do on its right, what both must do on either side.
        const drawDuties = () => {
          const known = data.duties.map(d => d.id), ids = [...known, ...new Set(fails.map(f => f.duty).filter(d => !known.includes(d)))];
          const rows = ids.map(id => {
            const own = fails.filter(f => f.duty === id);
            return {id, title: (data.duties.find(d => d.id === id) || {title: ''}).title, both: own.filter(f => f.party === 'shared'),
              left: own.filter(f => f.party !== 'customer' && f.party !== 'shared'), right: own.filter(f => f.party === 'customer')};
          }).filter(r => r.left.length + r.right.length + r.both.length);
          if (!rows.length) { $('duties-section').hidden = true; return; }
          const most = Math.max(...rows.map(r => Math.max(r.left.length, r.right.length) + r.both.length));
          for (const r of rows) {
            const row = pressable(el('button', 'duty'), 'duty', r.id);
            const side = (list, name) => {
              const box = el('span', 'side ' + name), track = segments(list, 'track'), total = list.length + r.both.length;
              for (const part of [...segments(r.both, '').children]) { part.className = 'both'; track.append(part); }
              track.style.setProperty('--w', 82 * total / most);
              box.append(track);
              if (total) box.append(el('span', '', total.toLocaleString('en')));
              return box;
            };
            const name = el('span', 'name');
            name.append(el('b', '', r.id), ' ' + r.title);
            row.append(side(r.left, 'left'), name, side(r.right, 'right'));
            row.setAttribute('aria-label', `Duty ${r.id} ${r.title}: ${r.left.length} platform, ${r.right.length} customer, ${r.both.length} both`);
            $('duties').append(row);
          }
          for (const s of SEVERITIES) $('legend').append(paint(el('span', '', s), s));
          if (rows.some(r => r.both.length)) $('legend').append(el('span', 'hatched', 'both must act'));
        };
        // The controls whose fixing brings furthest: worst first, then those found most often.
        const drawControls = () => {
          const counts = tally(fails, 'control');
          const first = [...counts.keys()].sort((a, b) => rank[a.severity] - rank[b.severity] || counts.get(b) - counts.get(a)).slice(0, 6);
          $('next-section').hidden = first.length === 0;
          for (const control of first) {
            const row = paint(pressable(el('button', 'control'), 'control', control.id), control.severity), who = el('em');
            const byParty = tally(fails.filter(f => f.control === control), 'party');
            for (const party of Object.keys(PARTIES)) if (byParty.get(party))
              who.append(who.childNodes.length ? ' · ' : '', tint(el('i', '', party), party), ' ' + byParty.get(party).toLocaleString('en'));
            row.append(el('span', 'sev', control.severity), el('strong', '', control.title), who, prose(el('small'), control.remedy));
            $('controls').append(row);
          }
        };
        const drawChips = () => {
          const group = (name, values, colour) => {
            const present = tally(findings, name), box = el('div');
            box.setAttribute('role', 'group');
            box.setAttribute('aria-label', 'Filter by ' + name);
            for (const value of values) {
              if (!present.get(value)) continue;
              const chip = pressable(el('button', 'chip', name === 'verdict' ? VERDICTS[value] : value), name, value);
              chip.style.setProperty('--s', colour(value));
              box.append(chip);
            }
            if (box.children.length > 1) $('chips').append(box);
          };
          group('party', Object.keys(PARTIES), p => `var(--${p})`);
          group('severity', SEVERITIES, s => `var(--${s})`);
          group('verdict', order, () => 'var(--soft)');
        };

        const details = f => {
          const list = el('dl', 'more');
          const add = (term, content) => {
            const dd = el('dd');
            dd.append(content);
            list.append(el('dt', '', term), dd);
          };
          add('How to fix', prose(el('div'), f.control.remedy));
          if (f.fix) add('Suggested', el('pre', '', f.fix));
          add('Threat', prose(el('div'), f.control.summary));
          const chain = el('ol');
          for (const step of f.why.chain) chain.append(el('li', '', step));
          const why = el('div', '', `${capital(f.party)}${f.why.principal ? ' (' + f.why.principal + ')' : ''}: ${f.why.strength}, by ${f.why.basis}`);
          why.append(chain);
          add('Why', why);
          if (f.grant) add('Accepted by', f.grant);
          if (f.path) add('Field', el('code', '', f.path));
          const duty = data.duties.find(d => d.id === f.duty);
          add('Duty', duty ? `${f.duty} ${duty.title}` : f.duty);
          if (f.control.references.length) add('References', f.control.references.join(' · '));
          add('Identity', el('code', '', `${f.control.id} ${f.fingerprint}`));
          return list;
        };
        const drawRow = f => {
          const row = paint(el('details', 'row'), f.severity), head = el('summary'), sub = el('span', 'sub'), right = el('span');
          if (f.verdict !== 'fail') right.append(el('span', 'state', VERDICTS[f.verdict]));
          const tag = tint(el('span', 'tag', f.party), f.party);
          tag.title = `${f.why.strength}, by ${f.why.basis}`;
          right.append(tag);
          sub.append(el('code', '', `${f.source}${f.line ? ':' + f.line : ''}`), `  ${f.object}: ${f.message}`);
          head.append(el('span', 'sev', f.severity), el('strong', '', f.control.title), right, sub);
          row.append(head);
          row.addEventListener('toggle', () => { if (row.open && row.children.length === 1) row.append(details(f)); });
          return row;
        };

        const STEP = 60;
        let shown = [], drawn = 0;
        const drawMore = count => {
          const part = document.createDocumentFragment();
          for (const f of shown.slice(drawn, drawn + count)) part.append(drawRow(f));
          drawn = Math.min(shown.length, drawn + count);
          $('rows').append(part);
        };
        const matches = (f, words) => {
          for (const name of SETS) if (state[name].size && !state[name].has(name === 'control' ? f.control.id : f[name])) return false;
          if (!words.length) return true;
          if (f.text === null) f.text = [f.control.title, f.control.id, f.object, f.container, f.source, f.message, f.path, f.grant || '',
            f.why.principal || '', f.control.references.join(' ')].join('\n').toLowerCase();
          return words.every(w => f.text.includes(w));
        };
        const update = () => {
          const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
          shown = findings.filter(f => matches(f, words));
          for (const button of document.querySelectorAll('[data-filter]'))
            button.setAttribute('aria-pressed', state[button.dataset.filter].has(button.dataset.value));
          const isFiltered = words.length > 0 || SETS.some(name => state[name].size);
          $('count').textContent = isFiltered ? `${shown.length.toLocaleString('en')} of ${plural(findings.length, 'finding')}` : plural(findings.length, 'finding');
          $('reset').hidden = !isFiltered;
          if ($('q').value !== state.q) $('q').value = state.q;
          $('rows').replaceChildren();
          drawn = 0;
          drawMore(STEP);
          if (!shown.length) $('rows').append(el('p', 'none-here', findings.length ? 'No finding matches these filters.' : 'No findings.'));
        };

        $('q').addEventListener('input', event => { state.q = event.target.value; writeHash(); update(); });
        document.querySelector('.filters').addEventListener('submit', event => event.preventDefault());
        document.querySelector('.filters').addEventListener('reset', () => {
          for (const name of SETS) state[name].clear();
          state.q = '';
          writeHash();
          update();
        });
        document.addEventListener('keydown', event => {
          if (event.key === '/' && document.activeElement !== $('q') && !event.ctrlKey && !event.metaKey) { event.preventDefault(); $('q').focus(); }
          if (event.key === 'Escape' && document.activeElement === $('q')) { state.q = ''; writeHash(); update(); }
        });
        window.addEventListener('hashchange', () => { if (location.hash !== '#findings') { readHash(); update(); } });
        // Paper cannot scroll: print what the filters leave, up to a number a printer can bear.
        window.addEventListener('beforeprint', () => { drawMore(2000 - drawn); });
        new IntersectionObserver(entries => { if (entries.some(e => e.isIntersecting) && drawn < shown.length) drawMore(STEP); },
          {rootMargin: '900px'}).observe($('more'));

        drawHead();
        drawParties();
        drawDuties();
        drawControls();
        drawChips();
        if (location.hash !== '#findings') readHash();
        update();
        })();
        """#
}
