/* SPDX-License-Identifier: Apache-2.0 */
/* How the HTML report looks: light, dark, on a phone, on paper. */
#include "report/html_style.h"

#include "plot/plot.h"

static const char page[] =
    ":root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#dfe3e8;"
    "--panel:#f6f8fa;--fail:#b3261e;--invalid:#9d3a78;--inconclusive:#806200;--warn:#9a4b00;"
    "--pass:#00714f}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6e9ee;--soft:#a3adba;"
    "--line:#323943;--panel:#1c2127;--fail:#ff8a80;--invalid:#f08cc4;--inconclusive:#e3c246;"
    "--warn:#ffb070;--pass:#38cfa0}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}\n"
    "main{max-width:1080px;margin:0 auto;padding:16px}\n"
    "h1{font-size:1.4rem;line-height:1.3;margin:.1em 0 .4em}\n"
    "h2{font-size:1.2rem;margin:1.8em 0 .6em}\n"
    "h3{font-size:1rem;margin:1.6em 0 .5em}\n"
    "p{margin:.4em 0}\n"
    "code{font:.92em ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace}\n"
    "pre{font:.82rem/1.45 ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
    "background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:10px 12px;"
    "overflow-x:auto;overflow-wrap:normal;margin:.5em 0}\n"
    ".fail{--tone:var(--fail)}.invalid{--tone:var(--invalid)}"
    ".inconclusive{--tone:var(--inconclusive)}.warn{--tone:var(--warn)}"
    ".pass{--tone:var(--pass)}\n"
    ".state{color:var(--tone);font-weight:700;white-space:nowrap}\n"
    ".verdict{border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:8px;"
    "background:var(--panel);padding:14px 18px}\n"
    ".verdict .state{font-size:1.1rem;letter-spacing:.03em}\n"
    ".note,.lead{color:var(--soft);font-size:.9rem}\n"
    ".scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;margin:.6em 0}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9rem;overflow-wrap:normal}\n"
    "th,td{padding:6px 10px;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}\n"
    "tbody tr:last-child>*{border-bottom:0}\n"
    "thead th{background:var(--panel);color:var(--soft);font-weight:600}\n"
    "tbody th{font-weight:600;white-space:nowrap}th code{white-space:normal}\n"
    ".number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "small{color:var(--soft);font-size:.92em}.reason{min-width:17em}.pairs th{width:12em}.pairs "
    "td{overflow-wrap:anywhere}\n"
    ".panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));"
    "gap:10px 24px;align-items:start}\n"
    ".plot{display:block;width:100%;max-width:640px;height:auto}\n"
    "figure{margin:0}figure h3 .state{margin-left:.6em;font-size:.85rem}\n"
    "details{border:1px solid var(--line);border-radius:6px;padding:8px 14px;margin:.8em 0}\n"
    "summary{cursor:pointer;font-weight:600}\n"
    "@media (max-width:600px){.reason{min-width:34em}ul{padding-left:1.2em}}\n"
    "@media print{main{max-width:none;padding:0}.scroll,pre{overflow:visible}"
    "pre{white-space:pre-wrap}figure,tr{break-inside:avoid}"
    "details::details-content{content-visibility:visible;display:block}}\n";

void sg_html_style(struct sg_text *out)
{
    sg_text_add(out, page);
    sg_svg_style(out);
}
