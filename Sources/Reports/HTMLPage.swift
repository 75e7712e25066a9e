/// The parts of the HTML report that are the same for every scan. They are literals rather than resources, so that the
/// program stays one file.
enum HTMLPage {
    /// What the script fills, as far as the findings.
    static let summary = #"""
        <a class="skip" href="#findings">To the findings</a>
        <header>
          <div class="brand"><span class="mark" aria-hidden="true"></span><h1>Demarc</h1><p id="facts"></p></div>
          <p class="verdict" id="headline"></p>
        </header>
        <main>
          <details class="gaps" id="gaps" hidden><summary></summary><ul></ul></details>
          <section aria-labelledby="who"><h2 id="who">Who must act</h2><div class="parties" id="parties"></div></section>
          <section aria-labelledby="line" id="duties-section"><h2 id="line">Both sides of the line, by duty</h2>
            <div class="sides" aria-hidden="true"><span>platform side</span><span></span><span>customer side</span></div>
            <div class="duties" id="duties"></div>
            <p class="legend" id="legend"></p></section>
          <section aria-labelledby="next" id="next-section"><h2 id="next">What to do first</h2><div class="duties" id="controls"></div></section>

        """#

    /// The findings and what follows.
    static let findings = #"""
          <section aria-labelledby="findings" class="list"><h2 id="findings" tabindex="-1">Findings</h2>
            <form class="filters" role="search">
              <input type="search" id="q" placeholder="Search objects, files, messages …  ( / )" aria-label="Search findings" autocomplete="off">
              <div class="chips" id="chips"></div>
              <p><output id="count" aria-live="polite"></output> <button type="reset" id="reset" hidden>Clear filters</button></p>
            </form>
            <div id="rows"></div><div id="more"></div></section>
        </main>
        <footer id="footer"></footer>

        """#

    /// Colours are variables, so that light, dark and paper differ in a few lines only: `--s` is the colour of a severity where it is
    /// used, `--p` that of a party, `--n` the share of a bar, `--w` the length of one.
    static let style = #"""
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5b6678;--line:#dfe3ea;--focus:#2563eb;
        --critical:#a3123f;--high:#dd4b26;--medium:#e0a11b;--low:#3f83c9;--info:#8a94a6;
        --provider:#3451b2;--customer:#0b7a6b;--shared:#7c3aa8;--vendor:#8a5a14;--upstream:#5b6678;--good:#177245;--warn:#8a5a00;--warnbg:#fff4d9;
        --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        @media (prefers-color-scheme:dark){:root{--bg:#11151c;--card:#1a202a;--ink:#e7ebf2;--soft:#9aa6b8;--line:#2c3442;--focus:#7aa7ff;
        --critical:#ff4f7f;--high:#ff7a50;--medium:#f2bd4a;--low:#6fb1f2;--info:#8a94a6;
        --provider:#8fa6ff;--customer:#4fcab8;--shared:#c995f0;--vendor:#d9a85a;--upstream:#9aa6b8;--good:#5fcf94;--warn:#f2bd4a;--warnbg:#2d2615}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        header,main,footer{max-width:1120px;margin:0 auto;padding:0 24px}
        header{padding-top:28px}
        h1{font-size:20px;margin:0;letter-spacing:.01em}
        h2{font-size:13px;text-transform:uppercase;letter-spacing:.08em;color:var(--soft);margin:34px 0 12px;font-weight:600}
        h2:focus{outline:0}
        .brand{display:flex;align-items:baseline;gap:10px;flex-wrap:wrap}
        .brand p{margin:0 0 0 auto;color:var(--soft);font-size:13px}
        .mark{align-self:center;width:26px;height:18px;border-radius:4px;background:linear-gradient(90deg,var(--provider) 45%,transparent 45% 55%,var(--customer) 55%)}
        .verdict{font-size:30px;line-height:1.25;font-weight:650;margin:22px 0 4px;letter-spacing:-.015em;text-wrap:balance}
        .skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px;background:var(--card);padding:6px 12px;z-index:9}
        :focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:6px}
        button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:left}
        .parties{display:grid;grid-template-columns:repeat(auto-fit,minmax(196px,1fr));gap:12px}
        .party{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--p);border-radius:10px;padding:14px 16px 16px;display:flex;flex-direction:column;align-items:stretch;justify-content:flex-start;transition:border-color .15s}
        .party:hover{border-color:var(--p)}
        .party[aria-pressed=true]{box-shadow:0 0 0 2px var(--p)}
        .party b{display:block;font-size:32px;line-height:1.1;font-weight:650;font-variant-numeric:tabular-nums}
        .party i{display:block;font-style:normal;font-weight:600;color:var(--p)}
        .party small{display:block;color:var(--soft);font-size:12.5px;line-height:1.35;min-height:2.7em;margin-top:2px}
        .party.none b{color:var(--soft);font-weight:400}
        .bar{display:flex;height:10px;border-radius:5px;overflow:hidden;background:var(--line);margin-top:10px;gap:1px}
        .bar span{flex:var(--n) 0 0;min-width:3px;background:var(--s)}
        .counts{display:flex;flex-wrap:wrap;gap:2px 10px;margin-top:7px;font-size:12px;color:var(--soft)}
        .counts span::before,.legend span::before{content:"";display:inline-block;width:8px;height:8px;border-radius:2px;background:var(--s);margin-right:5px}
        .sides,.duty{display:grid;grid-template-columns:1fr minmax(210px,300px) 1fr;gap:14px;width:100%}
        .sides{font-size:12px;color:var(--soft);padding:0 12px 4px}.sides span:first-child{text-align:right}
        .duties{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:6px 0}
        .duty{align-items:center;padding:5px 12px}
        .duty:hover,.duty[aria-pressed=true]{background:color-mix(in srgb,var(--focus) 9%,transparent)}
        .duty .name{display:block;text-align:center;font-size:13px;line-height:1.3;color:var(--soft);border-inline:2px solid var(--line);padding:2px 10px}
        .duty .name b{color:var(--ink)}
        .side{display:flex;align-items:center;gap:8px;font-size:12.5px;font-variant-numeric:tabular-nums;color:var(--soft)}
        .side.left{flex-direction:row-reverse}
        .track{display:flex;height:16px;width:calc(var(--w)*1%);flex:none;border-radius:3px;overflow:hidden;gap:1px}
        .track:not(:empty){min-width:5px}
        .left .track{flex-direction:row-reverse}
        .track span{flex:var(--n) 0 0;min-width:3px;background:var(--s)}
        .track .both{background-image:repeating-linear-gradient(135deg,transparent 0 4px,color-mix(in srgb,var(--card) 55%,transparent) 4px 7px)}
        .control{display:grid;grid-template-columns:76px 1fr auto;gap:2px 12px;align-items:baseline;width:100%;padding:7px 14px}
        .control:hover,.control[aria-pressed=true]{background:color-mix(in srgb,var(--focus) 9%,transparent)}
        .control strong{font-weight:600}.control small{grid-column:2/3;color:var(--soft);font-size:13px;line-height:1.4}
        .control em{font-style:normal;font-size:12.5px;color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
        .control em i{font-style:normal;font-weight:600;color:var(--p)}
        #controls{padding:0;overflow:hidden}.control code,dd code{font:.92em var(--mono)}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px;color:var(--soft);margin:8px 2px}
        .legend .hatched::before{background:repeating-linear-gradient(135deg,var(--soft) 0 3px,transparent 3px 5px)}
        .gaps{background:var(--warnbg);border:1px solid var(--warn);border-radius:10px;padding:10px 16px;margin-top:18px}
        .gaps summary{cursor:pointer;font-weight:600;color:var(--warn)}
        .gaps ul{margin:8px 0 2px;padding-left:20px;font-size:13.5px;overflow-wrap:anywhere}
        .picture{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow:auto;max-height:600px;padding:6px}.picture svg{display:block}
        .figures{border-collapse:collapse;width:100%;font-size:14px}.figures th,.figures td{padding:4px 10px;text-align:right;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
        .figures th:first-child,.figures.words td{text-align:left}.figures thead th{color:var(--soft)}.figures tr:last-child>*{border-bottom:0}
        .list summary,section>details summary{cursor:pointer;padding:6px 0;color:var(--soft)}
        .filters{position:sticky;top:0;z-index:5;background:var(--bg);padding:10px 0 6px;margin:0;border-bottom:1px solid var(--line)}
        .filters p{margin:6px 0 0;color:var(--soft);font-size:13px}
        #q{width:100%;font:inherit;padding:9px 14px;border-radius:9px;border:1px solid var(--line);background:var(--card);color:inherit}
        .chips{display:flex;flex-wrap:wrap;gap:6px 16px;margin-top:8px}
        .chips div{display:flex;gap:5px;flex-wrap:wrap}
        .chip,#reset{font-size:13px;border:1px solid var(--line);border-radius:99px;padding:2px 11px;background:var(--card)}
        .chip::before{content:"";display:inline-block;width:8px;height:8px;border-radius:99px;background:var(--s);margin-right:6px}
        .chip[aria-pressed=true]{border-color:var(--s);background:color-mix(in srgb,var(--s) 20%,var(--card));font-weight:600}
        .row{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--s);border-radius:8px;margin-top:8px;
        content-visibility:auto;contain-intrinsic-size:auto 78px}
        .row>summary{list-style:none;cursor:pointer;padding:9px 14px;display:grid;grid-template-columns:76px 1fr auto;gap:2px 12px;align-items:baseline}
        .row>summary::-webkit-details-marker{display:none}
        .row[open]>summary{border-bottom:1px solid var(--line)}
        .sev{font-size:12px;font-weight:650;color:color-mix(in srgb,var(--s) 68%,var(--ink));text-transform:capitalize}
        .row strong{font-weight:600;overflow-wrap:anywhere}
        .tag{font-size:12px;font-weight:600;color:var(--p);border:1px solid currentColor;border-radius:99px;padding:0 9px;white-space:nowrap}
        .state{font-size:12px;color:var(--soft);margin-right:8px}
        .sub{grid-column:2/4;color:var(--soft);font-size:13.5px;overflow-wrap:anywhere}
        .sub code,.more code{font:12.5px/1.45 var(--mono);color:var(--ink)}
        .more{margin:0;padding:12px 14px 14px 102px;font-size:14px;display:grid;grid-template-columns:88px 1fr;gap:6px 14px}
        .more dt{color:var(--soft)}.more dd{margin:0;min-width:0;overflow-wrap:anywhere}.more ol{margin:0;padding-left:18px}
        .more pre{margin:0;padding:10px 12px;overflow-x:auto;font:12.5px/1.45 var(--mono);background:var(--bg);border:1px solid var(--line);border-radius:6px}
        .control+.control{border-top:1px solid var(--line)}
        .none-here{padding:36px;text-align:center;color:var(--soft)}
        footer{color:var(--soft);font-size:12.5px;padding:28px 24px 40px}
        @media (max-width:720px){header,main,footer{padding-inline:14px}.verdict{font-size:23px}.brand p{margin-left:0;width:100%}
        .row>summary{grid-template-columns:1fr auto}.control{grid-template-columns:64px 1fr}.control em,.control small{grid-column:2/3}.row strong,.sub{grid-column:1/3}.more{padding-left:14px;grid-template-columns:1fr}
        .duty,.sides{grid-template-columns:1fr minmax(110px,150px) 1fr;gap:6px}.filters{position:static}}
        @media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb}body{font-size:10.5pt}.filters,.skip,#more{display:none}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}.picture{max-height:none}.picture svg{width:100%;height:auto}.row,.party,.duty,.control,.picture{break-inside:avoid;content-visibility:visible}header,main,footer{max-width:none;padding-inline:0}}

        """#
}
