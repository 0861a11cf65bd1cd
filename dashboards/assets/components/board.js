var ia=globalThis.process?.env?.NODE_ENV,$=ia&&!ia.toLowerCase().startsWith("prod");var Hr=Array.isArray,oa=Array.prototype.indexOf,zr=Array.prototype.includes,On=Array.from,Oo=Object.keys,Ge=Object.defineProperty,Nt=Object.getOwnPropertyDescriptor,Io=Object.getOwnPropertyDescriptors,Mo=Object.prototype,sa=Array.prototype,In=Object.getPrototypeOf,Lo=Object.isExtensible;var lt=()=>{};function Pi(e){for(var t=0;t<e.length;t++)e[t]()}function Fi(){var e,t,r=new Promise((n,o)=>{e=n,t=o});return{promise:r,resolve:e,reject:t}}var xt=Symbol("$state"),Hi=Symbol("component"),ri=Symbol("legacy props"),aa=Symbol(""),zi=Symbol("proxy path"),Ui=Symbol("attributes"),ni=Symbol("class"),ii=Symbol("style"),oi=Symbol("text");var Po=Symbol("hmr anchor"),Ur=new class extends Error{name="StaleReactionError";message="The reaction that called `getAbortSignal()` was re-run or destroyed"},Fo=!!globalThis.document?.contentType&&globalThis.document.contentType.includes("xml");var Mn=3,Kt=8;var zt={};var ue=Symbol("uninitialized"),Zt=Symbol("filename");var Bi="http://www.w3.org/1999/xhtml";var nn="font-weight: bold",on="font-weight: normal";function la(e){$?console.warn(`%c[svelte] await_reactivity_loss
%cDetected reactivity loss when reading \`${e}\`. This happens when state is read in an async function after an earlier \`await\`
https://svelte.dev/e/await_reactivity_loss`,nn,on):console.warn("https://svelte.dev/e/await_reactivity_loss")}function ca(e,t){$?console.warn(`%c[svelte] await_waterfall
%cAn async derived, \`${e}\` (${t}) was not read immediately after it resolved. This often indicates an unnecessary waterfall, which can slow down your app
https://svelte.dev/e/await_waterfall`,nn,on):console.warn("https://svelte.dev/e/await_waterfall")}function da(){$?console.warn(`%c[svelte] derived_inert
%cReading a derived belonging to a now-destroyed effect may result in stale values
https://svelte.dev/e/derived_inert`,nn,on):console.warn("https://svelte.dev/e/derived_inert")}function fa(e,t,r){$?console.warn(`%c[svelte] hydration_attribute_changed
%cThe \`${e}\` attribute on \`${t}\` changed its value between server and client renders. The client value, \`${r}\`, will be ignored in favour of the server value
https://svelte.dev/e/hydration_attribute_changed`,nn,on):console.warn("https://svelte.dev/e/hydration_attribute_changed")}function vn(e){$?console.warn(`%c[svelte] hydration_mismatch
%c${e?`Hydration failed because the initial UI does not match what was rendered on the server. The error occurred near ${e}`:"Hydration failed because the initial UI does not match what was rendered on the server"}
https://svelte.dev/e/hydration_mismatch`,nn,on):console.warn("https://svelte.dev/e/hydration_mismatch")}function ua(){$?console.warn(`%c[svelte] lifecycle_double_unmount
%cTried to unmount a component that was not mounted
https://svelte.dev/e/lifecycle_double_unmount`,nn,on):console.warn("https://svelte.dev/e/lifecycle_double_unmount")}function Vi(e){$?console.warn(`%c[svelte] state_proxy_equality_mismatch
%cReactive \`$state(...)\` proxies and the values they proxy have different identities. Because of this, comparisons with \`${e}\` will produce unexpected results
https://svelte.dev/e/state_proxy_equality_mismatch`,nn,on):console.warn("https://svelte.dev/e/state_proxy_equality_mismatch")}function pa(){$?console.warn("%c[svelte] svelte_boundary_reset_noop\n%cA `<svelte:boundary>` `reset` function only resets the boundary the first time it is called\nhttps://svelte.dev/e/svelte_boundary_reset_noop",nn,on):console.warn("https://svelte.dev/e/svelte_boundary_reset_noop")}var A=!1;function Ie(e){A=e}var U;function ae(e){if(e===null)throw vn(),zt;return U=e}function dt(){return ae(ft(U))}function _e(e){if(A){if(ft(U)!==null)throw vn(),zt;U=e}}function Ho(e=1){if(A){for(var t=e,r=U;t--;)r=ft(r);U=r}}function dr(e=!0){for(var t=0,r=U;;){if(r.nodeType===Kt){var n=r.data;if(n==="]"){if(t===0)return r;t-=1}else(n==="["||n==="[!"||n[0]==="["&&!isNaN(Number(n.slice(1))))&&(t+=1)}var o=ft(r);e&&r.remove(),r=o}}function sn(e){if(!e||e.nodeType!==Kt)throw vn(),zt;return e.data}function Yi(e){return e===this.v}function zo(e,t){return e!=e?t==t:e!==t||e!==null&&typeof e=="object"||typeof e=="function"}function qi(e){return!zo(e,this.v)}function ha(e){if($){let t=new Error(`invariant_violation
An invariant violation occurred, meaning Svelte's internal assumptions were flawed. This is a bug in Svelte, not your app — please open an issue at https://github.com/sveltejs/svelte, citing the following message: "${e}"
https://svelte.dev/e/invariant_violation`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/invariant_violation")}function si(e){if($){let t=new Error(`lifecycle_outside_component
\`${e}(...)\` can only be used during component initialisation
https://svelte.dev/e/lifecycle_outside_component`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/lifecycle_outside_component")}function va(){if($){let e=new Error("set_context_after_init\n`setContext` must be called when a component first initializes, not in a subsequent effect or after an `await` expression\nhttps://svelte.dev/e/set_context_after_init");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/set_context_after_init")}function _a(){if($){let e=new Error("async_derived_orphan\nCannot create a `$derived(...)` with an `await` expression outside of an effect tree\nhttps://svelte.dev/e/async_derived_orphan");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/async_derived_orphan")}function ma(){if($){let e=new Error(`derived_references_self
A derived value cannot reference itself recursively
https://svelte.dev/e/derived_references_self`);throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/derived_references_self")}function Uo(e,t,r){if($){let n=new Error(`each_key_duplicate
${r?`Keyed each block has duplicate key \`${r}\` at indexes ${e} and ${t}`:`Keyed each block has duplicate key at indexes ${e} and ${t}`}
https://svelte.dev/e/each_key_duplicate`);throw n.name="Svelte error",n}else throw new Error("https://svelte.dev/e/each_key_duplicate")}function $a(e,t,r){if($){let n=new Error(`each_key_volatile
Keyed each block has key that is not idempotent — the key for item at index ${e} was \`${t}\` but is now \`${r}\`. Keys must be the same each time for a given item
https://svelte.dev/e/each_key_volatile`);throw n.name="Svelte error",n}else throw new Error("https://svelte.dev/e/each_key_volatile")}function ba(e){if($){let t=new Error(`effect_in_teardown
\`${e}\` cannot be used inside an effect cleanup function
https://svelte.dev/e/effect_in_teardown`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/effect_in_teardown")}function ya(){if($){let e=new Error("effect_in_unowned_derived\nEffect cannot be created inside a `$derived` value that was not itself created inside an effect\nhttps://svelte.dev/e/effect_in_unowned_derived");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/effect_in_unowned_derived")}function wa(e){if($){let t=new Error(`effect_orphan
\`${e}\` can only be used inside an effect (e.g. during component initialisation)
https://svelte.dev/e/effect_orphan`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/effect_orphan")}function xa(){if($){let e=new Error(`effect_update_depth_exceeded
Maximum update depth exceeded. This typically indicates that an effect reads and writes the same piece of state
https://svelte.dev/e/effect_update_depth_exceeded`);throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/effect_update_depth_exceeded")}function Ea(){if($){let e=new Error("get_abort_signal_outside_reaction\n`getAbortSignal()` can only be called inside an effect or derived\nhttps://svelte.dev/e/get_abort_signal_outside_reaction");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/get_abort_signal_outside_reaction")}function ka(){if($){let e=new Error(`hydration_failed
Failed to hydrate the application
https://svelte.dev/e/hydration_failed`);throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/hydration_failed")}function Ta(){if($){let e=new Error("invalid_snippet\nCould not `{@render}` snippet due to the expression being `null` or `undefined`. Consider using optional chaining `{@render snippet?.()}`\nhttps://svelte.dev/e/invalid_snippet");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/invalid_snippet")}function Ca(e){if($){let t=new Error(`props_invalid_value
Cannot do \`bind:${e}={undefined}\` when \`${e}\` has a fallback value
https://svelte.dev/e/props_invalid_value`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/props_invalid_value")}function Da(e){if($){let t=new Error(`props_rest_readonly
Rest element properties of \`$props()\` such as \`${e}\` are readonly
https://svelte.dev/e/props_rest_readonly`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/props_rest_readonly")}function Sa(e){if($){let t=new Error(`rune_outside_svelte
The \`${e}\` rune is only available inside \`.svelte\` and \`.svelte.js/ts\` files
https://svelte.dev/e/rune_outside_svelte`);throw t.name="Svelte error",t}else throw new Error("https://svelte.dev/e/rune_outside_svelte")}function Ra(){if($){let e=new Error("state_descriptors_fixed\nProperty descriptors defined on `$state` objects must contain `value` and always be `enumerable`, `configurable` and `writable`.\nhttps://svelte.dev/e/state_descriptors_fixed");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/state_descriptors_fixed")}function Aa(){if($){let e=new Error("state_prototype_fixed\nCannot set prototype of `$state` object\nhttps://svelte.dev/e/state_prototype_fixed");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/state_prototype_fixed")}function Na(){if($){let e=new Error("state_unsafe_mutation\nUpdating state inside `$derived(...)`, `$inspect(...)` or a template expression is forbidden. If the value should not be reactive, declare it without `$state`\nhttps://svelte.dev/e/state_unsafe_mutation");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/state_unsafe_mutation")}function Oa(){if($){let e=new Error("svelte_boundary_reset_onerror\nA `<svelte:boundary>` `reset` function cannot be called while an error is still being handled\nhttps://svelte.dev/e/svelte_boundary_reset_onerror");throw e.name="Svelte error",e}else throw new Error("https://svelte.dev/e/svelte_boundary_reset_onerror")}var We=!1,Br=!1,fr=!1;var ai=null;function le(e,t){return e.label=t,Wi(e.v,t),e}function Wi(e,t){return e?.[zi]?.(t),e}function Hn(e){return typeof e=="symbol"?`Symbol(${e.description})`:typeof e=="function"?"<function>":typeof e=="object"&&e?"<object>":String(e)}function ur(e){let t=new Error,r=Zc();return r.length===0?null:(r.unshift(`
`),Ge(t,"stack",{value:r.join(`
`)}),Ge(t,"name",{value:e}),t)}function Zc(){let e=Error.stackTraceLimit;Error.stackTraceLimit=1/0;let t=new Error().stack;if(Error.stackTraceLimit=e,!t)return[];let r=t.split(`
`),n=[];for(let o=0;o<r.length;o++){let s=r[o],a=s.replaceAll("\\","/");if(s.trim()!=="Error"){if(s.includes("validate_each_keys"))return[];a.includes("svelte/src/internal")||a.includes("node_modules/.vite")||n.push(s)}}return n}function Ma(e,t){if(!$)throw new Error("invariant(...) was not guarded by if (DEV)");e||ha(t)}function Jc(e){let t=e.p;for(;t!==null&&t.c===null;)t=t.p;return t?.c??null}function Bo(e,t){return e===null&&si(t),e.c??=new Map(Jc(e)||void 0)}var W=null;function Vr(e){W=e}var pr=null;function zn(e){pr=e}var hr=null;function ji(e){hr=e}function be(e){return Bo(W,"getContext").get(e)}function Xi(e,t){let r=Bo(W,"setContext");if(We){var n=R.f,o=!M&&(n&32)!==0&&!W.i;o||va()}return r.set(e,t),t}function De(e,t=!1,r){W={p:W,i:!1,c:null,e:null,s:e,x:null,r:R,l:Br&&!t?{s:null,u:null,$:[]}:null},$&&(W.function=r,hr=r)}function Se(e){var t=W,r=t.e;if(r!==null){t.e=null;for(var n of r)Vo(n)}return e!==void 0&&(t.x=e),t.i=!0,W=t.p,$&&(hr=W?.function??null),li(e)}function li(e={}){return Ge(e,Hi,{value:!0}),e}function Cr(){return!Br||W!==null&&W.l===null}var gn=[];function La(){var e=gn;gn=[],Pi(e)}function je(e){if(gn.length===0&&!_n){var t=gn;queueMicrotask(()=>{t===gn&&La()})}gn.push(e)}function Pa(){for(;gn.length>0;)La()}var Qc=-7169;function ce(e,t){e.f=e.f&Qc|t}function Un(e){(e.f&512)!==0||e.deps===null?ce(e,1024):ce(e,4096)}function Ki(e,t){(e.f&2048)!==0?t.set(e,2048):(e.f&4096)!==0&&t.get(e)!==2048&&t.set(e,4096),ce(e,1024)}function Fa(e){return`{${e.toString().replace(/^async \(\) => /,"").replace(/^\(/,"").replace(/\$\.get\((.+?)\)/g,(t,r)=>r).replace(/\$\.track_reactivity_loss\((.+?)\)\(\)/g,(t,r)=>r).replace(/\)$/,"")}}`}function Qt(e){var t=M,r=R;Fe(null),Ke(null);try{return e()}finally{Fe(t),Ke(r)}}function Zi(e,t,r,n){let o=Cr()?cn:$n;var s=e.filter(v=>!v.settled),a=t.map(o);if($&&a.forEach((v,_)=>{v.label=t[_].toString().replace("() => ","").replaceAll("$.eager(() => ","$state.eager(").replace(/\$\.get\((.+?)\)/g,(m,g)=>g)}),r.length===0&&s.length===0){n(a);return}var l=R,c=za(),f=s.length===1?s[0].promise:s.length>1?Promise.all(s.map(v=>v.promise)):null;function p(v){if((l.f&16384)===0){c();try{n([...a,...v])}catch(_){It(_,l)}Bn()}}var h=Yo();if(r.length===0){f.then(()=>p([])).finally(h);return}function u(){Promise.all(r.map(v=>Go(v))).then(p).catch(v=>It(v,l)).finally(h)}f?f.then(()=>{if((l.f&16384)!==0){h();return}c(),u(),Bn()}):u()}function za(){var e=R,t=M,r=W,n=B;if($)var o=pr;return function(a=!0){Ke(e),Fe(t),Vr(r),a&&(e.f&16384)===0&&(n?.activate(),n?.apply()),$&&(qo(null),zn(o))}}var td=!1;function Bn(e=!0){td=!1,Ke(null),Fe(null),Vr(null),e&&B?.deactivate(),$&&(qo(null),zn(null))}function Yo(){var e=R,t=e.b,r=B,n=!!t?.is_rendered();return t?.update_pending_count(1,r),r.increment(n,e),()=>{t?.update_pending_count(-1,r),r.decrement(n,e)}}var Mt=null;function qo(e){Mt=e}var fi=new Set;function cn(e){var t=2050;R!==null&&(R.f|=524288);let r={ctx:W,deps:null,effects:null,equals:Yi,f:t,fn:e,reactions:null,rv:0,v:ue,wv:0,parent:R,ac:null};return $&&fr&&(r.created=ur("created at")),r}var Vn=Symbol("obsolete");function Go(e,t,r){let n=R;n===null&&_a();var o=void 0,s=Ze(ue);$&&(s.label=t??Fa(e));var a=!M,l=new Set;return Va(()=>{var c=R;$&&(Mt={effect:c,effect_deps:new Set,warned:!1});var f=Fi();o=f.promise;try{Promise.resolve(e()).then(f.resolve,v=>{v!==Ur&&f.reject(v)}).finally(Bn)}catch(v){f.reject(v),Bn()}if($){if(Mt){if(c.deps!==null)for(let v=0;v<Et;v+=1)Mt.effect_deps.add(c.deps[v]);if(it!==null)for(let v=0;v<it.length;v+=1)Mt.effect_deps.add(it[v])}Mt=null}var p=B;if(a){if((c.f&32768)!==0)var h=Yo();if(n.b?.is_rendered())p.async_deriveds.get(c)?.reject(Vn);else for(let v of l.values())v.reject(Vn);l.add(f),p.async_deriveds.set(c,f)}let u=(v,_=void 0)=>{$&&(Mt=null),h?.(),l.delete(f),_!==Vn&&(p.activate(),_?(s.f|=8388608,gr(s,_)):((s.f&8388608)!==0&&(s.f^=8388608),$&&r!==void 0&&!s.equals(v)&&(fi.add(s),setTimeout(()=>{fi.has(s)&&(c.f&16384)===0&&(ca(s.label,r),fi.delete(s))})),gr(s,v)),p.deactivate())};f.promise.then(u,v=>u(null,v||"unknown"))}),ht(()=>{for(let c of l)c.reject(Vn)}),$&&(s.f|=4194304),new Promise(c=>{function f(p){function h(){p===o?c(s):f(o)}p.then(h,h)}f(o)})}function d(e){let t=cn(e);return We||eo(t),t}function $n(e){let t=cn(e);return t.equals=qi,t}function Ua(e){var t=e.effects;if(t!==null){e.effects=null;for(var r=0;r<t.length;r+=1)ke(t[r])}}var Wo=[];function ui(e){var t,r=R,n=e.parent;if(!Bt&&n!==null&&e.v!==ue&&(n.f&24576)!==0)return da(),e.v;if(Ke(n),$){let o=bn;Ji(new Set);try{zr.call(Wo,e)&&ma(),Wo.push(e),Ua(e),t=Qi(e)}finally{Ke(r),Ji(o),Wo.pop()}}else try{Ua(e),t=Qi(e)}finally{Ke(r)}return t}function jo(e){var t=ui(e);if(!e.equals(t)&&(e.wv=Yn(),(!B?.is_fork||e.deps===null)&&(B!==null?(B.capture(e,t,!0),_r?.capture(e,t,!0)):e.v=t,e.deps===null))){ce(e,1024);return}Bt||(ot!==null?(an()||B?.is_fork)&&ot.set(e,t):Un(e))}function Ba(e){if(e.effects!==null)for(let t of e.effects)(t.teardown||t.ac)&&(t.teardown?.(),t.ac!==null&&Qt(()=>{t.ac.abort(Ur),t.ac=null}),t.fn!==null&&(t.teardown=lt),yn(t,0),pi(t))}function Xo(e){if(e.effects!==null)for(let t of e.effects)t.teardown&&t.fn!==null&&Dr(t)}var to=null,qn=null,B=null,_r=null,ot=null,Jo=null,_n=!1,Ko=!1,Gn=null,hi=null,Ya=0,Zo=new Set,id=1,Vt=class e{id=id++;started=!1;linked=!0;prev=null;next=null;async_deriveds=new Map;current=new Map;previous=new Map;#e=new Set;#r=new Set;#t=0;#n=new Map;#i=null;#o=[];#a=[];#s=new Map;#l=new Map;#c=new Set;is_fork=!1;#d=!1;constructor(){qn===null?to=qn=this:(qn.next=this,this.prev=qn),qn=this}#v(){if(this.is_fork)return!0;for(let t of this.#n.keys())if(!this.#m(t))return!0;return!1}#m(t){for(var r=t;r!==null;r=r.parent)if(this.#l.has(r))return!0;return!1}skip_effect(t){this.#l.has(t)||this.#l.set(t,{d:[],m:[]}),this.#c.delete(t)}unskip_effect(t,r=n=>this.schedule(n)){var n=this.#l.get(t);if(n){this.#l.delete(t);for(var o of n.d)ce(o,2048),r(o);for(o of n.m)ce(o,4096),r(o)}this.#c.add(t)}#f(){var t=[];for(let s of this.#o)if(!((s.f&16384)!==0||(s.f&6144)===0)){for(var r=s,n=!1;r.parent!==null;){r=r.parent;var o=r.f;if((o&96)!==0){if((o&1024)===0){n=!0;break}r.f^=1024}}n||t.push(r)}return this.#o=[],t}#g(){if(this.started=!0,$)for(let l of this.current.keys())Zo.add(l);for(let[l,c]of this.#s)ce(l,c),this.schedule(l);this.apply();for(var t=Gn=[],r=[],n=hi=[];this.#o.length>0;){Ya++>1e3&&(this.#p(),od());for(let l of this.#f())try{this.#$(l,t,r)}catch(c){throw ja(l),this.#v()||this.discard(),c}}if(B=null,n.length>0){var o=e.ensure();for(let l of n)o.schedule(l)}if(Gn=null,hi=null,this.#v()){this.#h(r),this.#h(t);for(let[l,c]of this.#l)Wa(l,c);n.length>0&&B.#g();return}let s=this.#y();if(s){this.#h(r),this.#h(t),s.#u(this);return}this.#s.clear();for(let l of this.#e)l(this);this.#e.clear(),_r=this,qa(r),qa(t),_r=null,this.#i?.resolve();var a=B;this.#t===0&&(this.#o.length===0||a!==null)&&(this.#p(),We&&(this.#b(),B=a)),a!==null&&(tr.clear(),a.#g())}#$(t,r,n){t.f^=1024;for(var o=t.first;o!==null;){var s=o.f,a=(s&96)!==0,l=a&&(s&1024)!==0,c=l||(s&8192)!==0||this.#l.has(o);if(!c&&o.fn!==null){a?o.f^=1024:(s&4)!==0?r.push(o):We&&(s&16777224)!==0?n.push(o):fn(o)&&((s&16)!==0&&this.add_dirty_reaction(o,4096),Dr(o));var f=o.first;if(f!==null){o=f;continue}}for(;o!==null;){var p=o.next;if(p!==null){o=p;break}o=o.parent}}}#y(){for(var t=this.prev;t!==null;t=t.prev)if(!t.is_fork&&this.#_(t))return t;return null}#_(t){for(let[r,[,n]]of this.current)if(!n&&t.current.has(r))return!0;return!1}#u(t){for(let[n,o]of t.current)!this.previous.has(n)&&t.previous.has(n)&&this.previous.set(n,t.previous.get(n)),this.current.set(n,o);for(let[n,o]of t.async_deriveds){let s=this.async_deriveds.get(n);s&&o.promise.then(s.resolve).catch(s.reject)}t.async_deriveds.clear(),this.transfer_reactions(t.#s);let r=n=>{var o=n.reactions;if(o!==null&&!((n.f&2)!==0&&(n.f&6144)===0))for(let l of o){var s=l.f;if((s&2)!==0)r(l);else{var a=l;s&4194320&&!this.async_deriveds.has(a)&&(this.#s.delete(a),ce(a,2048),this.schedule(a))}}};for(let n of this.current.keys())r(n);this.oncommit(()=>t.discard()),t.#p(),B=this,this.#g()}#h(t){for(var r=0;r<t.length;r+=1)Ki(t[r],this.#s)}capture(t,r,n=!1){t.v!==ue&&!this.previous.has(t)&&this.previous.set(t,t.v),(t.f&8388608)===0&&(this.current.set(t,[r,n]),ot?.set(t,r)),this.is_fork||(t.v=r)}activate(){B=this}deactivate(){B=null,ot=null}flush(){try{$&&Zo.clear(),Ko=!0,B=this,this.#g()}finally{if(Ya=0,Jo=null,Gn=null,hi=null,Ko=!1,B=null,ot=null,tr.clear(),$)for(let t of Zo)t.updated=null}}discard(){for(let t of this.#r)t(this);this.#r.clear();for(let t of this.async_deriveds.values())t.reject(Vn);this.#p(),this.#i?.resolve()}register_created_effect(t){this.#a.push(t)}#b(){for(let h=to;h!==null;h=h.next){var t=h.id<this.id,r=[];for(let[u,[v,_]]of this.current){if(h.current.has(u)){var n=h.current.get(u)[0];if(t&&v!==n)h.current.set(u,[v,_]);else continue}r.push(u)}if(t)for(let[u,v]of this.async_deriveds){let _=h.async_deriveds.get(u);_&&v.promise.then(_.resolve).catch(_.reject)}var o=[...h.current.keys()].filter(u=>!h.current.get(u)[1]);if(!(!h.started||o.length===0)){var s=o.filter(u=>!this.current.has(u));if(s.length===0)t&&h.discard();else if(r.length>0){if($&&!h.#d&&Ma(h.#o.length===0,"Batch has scheduled effects"),t)for(let u of this.#c)h.unskip_effect(u,v=>{(v.f&4194320)!==0?h.schedule(v):h.#h([v])});h.activate();var a=new Set,l=new Map;for(var c of r)Ga(c,s,a,l);l=new Map;var f=[...h.current].filter(([u,v])=>{let _=this.current.get(u);return _?_[0]!==v[0]||_[1]!==v[1]:!0}).map(([u])=>u);if(f.length>0)for(let u of this.#a)(u.f&155648)===0&&Qo(u,f,l)&&((u.f&4194320)!==0?(ce(u,2048),h.schedule(u)):h.add_dirty_reaction(u,2048));if(h.#o.length>0&&!h.#d){h.apply();for(var p of h.#f())h.#$(p,[],[])}h.deactivate()}}}}increment(t,r){if(this.#t+=1,t){let n=this.#n.get(r)??0;this.#n.set(r,n+1)}}decrement(t,r){if(this.#t-=1,t){let n=this.#n.get(r)??0;n===1?this.#n.delete(r):this.#n.set(r,n-1)}this.#d||(this.#d=!0,je(()=>{this.#d=!1,this.linked&&this.flush()}))}transfer_reactions(t){for(let[r,n]of t)this.add_dirty_reaction(r,n);t.clear()}add_dirty_reaction(t,r){(r===2048||this.#s.get(t)!==2048)&&this.#s.set(t,r)}oncommit(t){this.#e.add(t)}ondiscard(t){this.#r.add(t)}settled(){return(this.#i??=Fi()).promise}static ensure(){if(B===null){let t=B=new e;!Ko&&!_n&&je(()=>{t.started||t.flush()})}return B}apply(){if(!We||!this.is_fork&&this.prev===null&&this.next===null){ot=null;return}ot=new Map;for(let[t,[r]]of this.current)ot.set(t,r);for(let t=to;t!==null;t=t.next)if(!(t===this||t.is_fork)&&(t.id>=this.id||!t.#_(this)))for(let[r,n]of t.previous)ot.has(r)||ot.set(r,n)}schedule(t){if(Jo=t,t.b?.is_pending&&(t.f&16777228)!==0&&(t.f&32768)===0){t.b.defer_effect(t);return}this.#o.push(t)}#p(){if(this.linked){var t=this.prev,r=this.next;t===null?to=r:t.next=r,r===null?qn=t:r.prev=t,this.linked=!1}}};function dn(e){var t=_n,r=_r;_r=null,_n=!0;try{var n;for(e&&(dn(),n=e());;){if(Pa(),B===null)return n;B.flush()}}finally{_n=t,_r=r}}function od(){if($){var e=new Map;for(let r of B.current.keys())for(let[n,o]of r.updated??[]){var t=e.get(n);t||(t={error:o.error,count:0},e.set(n,t)),t.count+=o.count}for(let r of e.values())r.error&&console.error(r.error)}try{xa()}catch(r){$&&Ge(r,"stack",{value:""}),It(r,Jo)}}var er=null;function qa(e){var t=e.length;if(t!==0){for(var r=0;r<t;){var n=e[r++];if((n.f&24576)===0&&fn(n)&&(er=new Set,Dr(n),n.deps===null&&n.first===null&&n.nodes===null&&n.teardown===null&&n.ac===null&&es(n),er?.size>0)){tr.clear();for(let o of er){if((o.f&24576)!==0)continue;let s=[o],a=o.parent;for(;a!==null;)er.has(a)&&(er.delete(a),s.push(a)),a=a.parent;for(let l=s.length-1;l>=0;l--){let c=s[l];(c.f&24576)===0&&Dr(c)}}er.clear()}}er=null}}function Ga(e,t,r,n){if(!r.has(e)&&(r.add(e),e.reactions!==null))for(let o of e.reactions){let s=o.f;(s&2)!==0?Ga(o,t,r,n):(s&4194320)!==0&&(s&2048)===0&&Qo(o,t,n)&&(ce(o,2048),vi(o))}}function Qo(e,t,r){let n=r.get(e);if(n!==void 0)return n;if(e.deps!==null)for(let o of e.deps){if(zr.call(t,o))return!0;if((o.f&2)!==0&&Qo(o,t,r))return r.set(o,!0),!0}return r.set(e,!1),!1}function vi(e){B.schedule(e)}function Wa(e,t){if(!((e.f&32)!==0&&(e.f&1024)!==0)){(e.f&2048)!==0?t.d.push(e):(e.f&4096)!==0&&t.m.push(e),ce(e,1024);for(var r=e.first;r!==null;)Wa(r,t),r=r.next}}function ja(e){ce(e,1024);for(var t=e.first;t!==null;)ja(t),t=t.next}var bn=new Set,tr=new Map;function Ji(e){bn=e}var rs=!1;function Ka(){rs=!0}function Ze(e,t){var r={f:0,v:e,reactions:null,equals:Yi,rv:0,wv:0};return $&&fr&&(r.created=t??ur("created at"),r.updated=null,r.set_during_effect=!1,r.trace=null),r}function V(e,t){let r=Ze(e,t);return eo(r),r}function En(e,t=!1,r=!0){let n=Ze(e);return t||(n.equals=qi),Br&&r&&W!==null&&W.l!==null&&(W.l.s??=[]).push(n),n}function w(e,t,r=!1){M!==null&&(!kt||(M.f&131072)!==0)&&Cr()&&(M.f&4325394)!==0&&(mr===null||!mr.has(e))&&Na();let n=r?ze(t):t;return $&&Wi(n,e.label),gr(e,n,hi)}var xn=null,ts=0;function gr(e,t,r=null){if(!e.equals(t)){Bt?tr.set(e,t):tr.has(e)||tr.set(e,e.v);var n=Vt.ensure();if(n.capture(e,t),$){if(fr||R!==null){e.updated??=new Map;let o=(e.updated.get("")?.count??0)+1;if(e.updated.set("",{error:null,count:o}),fr||o>5){let s=ur("updated at");if(s!==null){let a=e.updated.get(s.stack);a||(a={error:s,count:0},e.updated.set(s.stack,a)),a.count++}}}R!==null&&(e.set_during_effect=!0)}if((e.f&2)!==0){let o=e;(e.f&2048)!==0&&ui(o),ot===null&&Un(o)}e.wv=Yn(),xn=null,ts=0,Za(e,2048,r),xn=null,Cr()&&R!==null&&(R.f&1024)!==0&&(R.f&96)===0&&(Yt===null?Ja([e]):Yt.push(e)),!n.is_fork&&bn.size>0&&!rs&&ro()}return t}function ro(){rs=!1;for(let e of bn){(e.f&1024)!==0&&ce(e,4096);let t;try{t=fn(e)}catch{t=!0}t&&Dr(e)}bn.clear()}function He(e){w(e,e.v+1)}function Za(e,t,r){var n=e.reactions;if(n!==null){var o=Cr(),s=n.length;if(ts+=s,ts>1e5&&xn===null&&(xn=new Set),xn!==null){if(xn.has(e))return;xn.add(e)}for(var a=0;a<s;a++){var l=n[a],c=l.f;if(!(!o&&l===R)){var f=(c&2048)===0;if(f&&ce(l,t),(c&131072)!==0)bn.add(l);else if((c&2)!==0){var p=l;ot?.delete(p),Za(p,4096,r)}else if(f){var h=l;(c&16)!==0&&er!==null&&er.add(h),r!==null?r.push(h):vi(h)}}}}}var ad=/^[a-zA-Z_$][a-zA-Z_$0-9]*$/;function ze(e){if(typeof e!="object"||e===null||xt in e||Hi in e)return e;let t=In(e);if(t!==Mo&&t!==sa)return e;var r=new Map,n=Hr(e),o=V(0),s=$&&fr?ur("created at"):null,a=rr,l=h=>{if(rr===a)return h();var u=M,v=rr;Fe(null),ns(a);var _=h();return Fe(u),ns(v),_};n&&(r.set("length",V(e.length,s)),$&&(e=cd(e)));var c="";let f=!1;function p(h){if(!f){f=!0,c=h,le(o,`${c} version`);for(let[u,v]of r)le(v,kn(c,u));f=!1}}return new Proxy(e,{defineProperty(h,u,v){(!("value"in v)||v.configurable===!1||v.enumerable===!1||v.writable===!1)&&Ra();var _=r.get(u);return _===void 0?l(()=>{var m=V(v.value,s);return r.set(u,m),$&&typeof u=="string"&&le(m,kn(c,u)),m}):w(_,v.value,!0),!0},deleteProperty(h,u){var v=r.get(u);if(v===void 0){if(u in h){let _=l(()=>V(ue,s));r.set(u,_),He(o),$&&le(_,kn(c,u))}}else w(v,ue),He(o);return!0},get(h,u,v){if(u===xt)return e;if($&&u===zi)return p;var _=r.get(u),m=u in h;if(_===void 0&&(!m||Nt(h,u)?.writable)&&(_=l(()=>{var b=ze(m?h[u]:ue),E=V(b,s);return $&&le(E,kn(c,u)),E}),r.set(u,_)),_!==void 0){var g=i(_);return g===ue?void 0:g}return Reflect.get(h,u,v)},getOwnPropertyDescriptor(h,u){this.has?.(h,u);var v=Reflect.getOwnPropertyDescriptor(h,u),_=r.get(u);if(_!==void 0){var m=i(_);if(m===ue)return;if(v&&"value"in v)v.value=m;else return{enumerable:!0,configurable:!0,value:m,writable:!0}}return v},has(h,u){if(u===xt)return!0;var v=r.get(u),_=v!==void 0&&v.v!==ue||Reflect.has(h,u);if(v!==void 0||(R!==null||M!==null)&&(!_||Nt(h,u)?.writable)){v===void 0&&(v=l(()=>{var g=_?ze(h[u]):ue,b=V(g,s);return $&&le(b,kn(c,u)),b}),r.set(u,v));var m=i(v);if(m===ue)return!1}return _},set(h,u,v,_){var m=r.get(u),g=u in h;if(n&&u==="length")for(var b=v;b<m.v;b+=1){var E=r.get(b+"");E!==void 0?w(E,ue):b in h&&(E=l(()=>V(ue,s)),r.set(b+"",E),$&&le(E,kn(c,b)))}if(m===void 0)(!g||Nt(h,u)?.writable)&&(m=l(()=>V(void 0,s)),$&&le(m,kn(c,u)),w(m,ze(v)),r.set(u,m));else{g=m.v!==ue;var L=l(()=>ze(v));w(m,L)}var k=Reflect.getOwnPropertyDescriptor(h,u);if(k?.set&&k.set.call(_,v),!g){if(n&&typeof u=="string"){var D=r.get("length"),T=Number(u);Number.isInteger(T)&&T>=D.v&&w(D,T+1)}He(o)}return!0},ownKeys(h){i(o);var u=Reflect.ownKeys(h).filter(m=>{var g=r.get(m);return g===void 0||g.v!==ue});for(var[v,_]of r)_.v!==ue&&!(v in h)&&u.push(v);return u},setPrototypeOf(){Aa()}})}function kn(e,t){return typeof t=="symbol"?`${e}[Symbol(${t.description??""})]`:ad.test(t)?`${e}.${t}`:/^\d+$/.test(t)?`${e}[${t}]`:`${e}['${t}']`}function no(e){try{if(e!==null&&typeof e=="object"&&xt in e)return e[xt]}catch{}return e}var ld=new Set(["copyWithin","fill","pop","push","reverse","shift","sort","splice","unshift"]);function cd(e){return new Proxy(e,{get(t,r,n){var o=Reflect.get(t,r,n);return ld.has(r)?function(...s){Ka();var a=o.apply(this,s);return ro(),a}:o}})}function Qa(){let e=Array.prototype,t=Array.__svelte_cleanup;t&&t();let{indexOf:r,lastIndexOf:n,includes:o}=e;e.indexOf=function(s,a){let l=r.call(this,s,a);if(l===-1){for(let c=a??0;c<this.length;c+=1)if(no(this[c])===s){Vi("array.indexOf(...)");break}}return l},e.lastIndexOf=function(s,a){let l=n.call(this,s,a??this.length-1);if(l===-1){for(let c=0;c<=(a??this.length-1);c+=1)if(no(this[c])===s){Vi("array.lastIndexOf(...)");break}}return l},e.includes=function(s,a){let l=o.call(this,s,a);if(!l){for(let c=0;c<this.length;c+=1)if(no(this[c])===s){Vi("array.includes(...)");break}}return l},Array.__svelte_cleanup=()=>{e.indexOf=r,e.lastIndexOf=n,e.includes=o}}var qt,el,gi,tl,rl;function io(){if(qt===void 0){qt=window,el=document,gi=/Firefox/.test(navigator.userAgent);var e=Element.prototype,t=Node.prototype,r=Text.prototype;tl=Nt(t,"firstChild").get,rl=Nt(t,"nextSibling").get,Lo(e)&&(e[ni]=void 0,e[Ui]=null,e[ii]=void 0,e.__e=void 0),Lo(r)&&(r[oi]=void 0),$&&(e.__svelte_meta=null,Qa())}}function Ue(e=""){return document.createTextNode(e)}function pt(e){return tl.call(e)}function ft(e){return rl.call(e)}function Be(e,t){if(!A)return pt(e);var r=pt(U);if(r===null)r=U.appendChild(Ue());else if(t&&r.nodeType!==Mn){var n=Ue();return r?.before(n),ae(n),n}return t&&so(r),ae(r),r}function Le(e,t=!1){if(!A){var r=pt(e);return r instanceof Comment&&r.data===""?ft(r):r}if(t){if(U?.nodeType!==Mn){var n=Ue();return U?.before(n),ae(n),n}so(U)}return U}function Wn(e,t=!1){if(!A)return pt(e);var r=Be(e,t);return _e(e),r}function Je(e,t=1,r=!1){let n=A?U:e;for(var o;t--;)o=n,n=ft(n);if(!A)return n;if(r){if(n?.nodeType!==Mn){var s=Ue();return n===null?o?.after(s):n.before(s),ae(s),s}so(n)}return ae(n),n}function di(e){e.textContent=""}function oo(){if(!We||er!==null)return!1;var e=R.f;return(e&32768)!==0}function Sr(e,t,r){return t==null||t===Bi?r?document.createElement(e,{is:r}):document.createElement(e):r?document.createElementNS(t,e,{is:r}):document.createElementNS(t,e)}function so(e){if(e.nodeValue.length<65536)return;let t=e.nextSibling;for(;t!==null&&t.nodeType===Mn;)t.remove(),e.nodeValue+=t.nodeValue,t=e.nextSibling}var is=new WeakMap;function nl(e){var t=R;if(t===null)return M.f|=8388608,e;if($&&e instanceof Error&&!is.has(e)&&is.set(e,dd(e,t)),(t.f&32768)===0&&(t.f&4)===0)throw $&&!t.parent&&e instanceof Error&&il(e),e;It(e,t)}function It(e,t){if(e===zt)throw e;if(!(t!==null&&(t.f&16384)!==0)){for(;t!==null;){if((t.f&128)!==0&&(t.f&33570816)===0){if((t.f&32768)===0)throw e;try{t.b.error(e);return}catch(r){e=r}}t=t.parent}throw $&&e instanceof Error&&il(e),e}}function dd(e,t){let r=Nt(e,"message");if(!(r&&!r.configurable)){for(var n=gi?"  ":"	",o=`
${n}in ${t.fn?.name||"<unknown>"}`,s=t.ctx;s!==null;)o+=`
${n}in ${s.function?.[Zt].split("/").pop()}`,s=s.p;return{message:e.message+`
${o}
`,stack:e.stack?.split(`
`).filter(a=>!a.includes("svelte/src/internal")).join(`
`)}}}function il(e){let t=is.get(e);t&&(Ge(e,"message",{value:t.message}),Ge(e,"stack",{value:t.stack}))}function as(e){R===null&&(M===null&&wa(e),ya()),Bt&&ba(e)}function fd(e,t){var r=t.last;r===null?t.last=t.first=e:(r.next=e,e.prev=r,t.last=e)}function nr(e,t){var r=R;if($)for(;r!==null&&(r.f&131072)!==0;)r=r.parent;r!==null&&(r.f&8192)!==0&&(e|=8192);var n={ctx:W,deps:null,nodes:null,f:e|2048|512,first:null,fn:t,last:null,next:null,parent:r,b:r&&r.b,prev:null,teardown:null,wv:0,ac:null};$&&(n.component_function=hr),B?.register_created_effect(n);var o=n;if((e&4)!==0)Gn!==null?Gn.push(n):Vt.ensure().schedule(n);else if(t!==null){try{Dr(n)}catch(a){throw ke(n),a}o.deps===null&&o.teardown===null&&o.nodes===null&&o.first===o.last&&(o.f&524288)===0&&(o=o.first,(e&16)!==0&&(e&65536)!==0&&o!==null&&(o.f|=65536))}if(o!==null&&(o.parent=r,r!==null&&fd(o,r),M!==null&&(M.f&2)!==0&&(e&64)===0)){var s=M;(s.effects??=[]).push(o)}return n}function an(){return M!==null&&!kt}function ht(e){let t=nr(8,null);return ce(t,1024),t.teardown=e,t}function Pt(e){as("$effect"),$&&Ge(e,"name",{value:"$effect"});var t=R.f,r=!M&&(t&32)!==0&&W!==null&&!W.i;if(r){var n=W;(n.e??=[]).push(e)}else return Vo(e)}function Vo(e){return nr(1048580,e)}function Gt(e){return as("$effect.pre"),$&&Ge(e,"name",{value:"$effect.pre"}),nr(1048584,e)}function ls(e){Vt.ensure();let t=nr(524352,e);return()=>{ke(t)}}function al(e){Vt.ensure();let t=nr(524352,e);return(r={})=>new Promise(n=>{r.outro?Rr(t,()=>{ke(t),n(void 0)}):(ke(t),n(void 0))})}function Ft(e){return nr(4,e)}function Va(e){return nr(4718592,e)}function bt(e,t=0){return nr(8|t,e)}function ie(e,t=[],r=[],n=[]){Zi(n,t,r,o=>{nr(8,()=>{e(...o.map(i))})})}function Ct(e,t=0){var r=nr(16|t,e);return $&&(r.dev_stack=pr),r}function cs(e,t=0){var r=nr(16777216|t,e);return $&&(r.dev_stack=pr),r}function Ve(e){return nr(524320,e)}function ds(e){var t=e.teardown;if(t!==null){let r=Bt,n=M;os(!0),Fe(null);try{t.call(null)}catch(o){It(o,e.parent)}finally{os(r),Fe(n)}}}function pi(e,t=!1){var r=e.first;for(e.first=e.last=null;r!==null;){let o=r.ac;o!==null&&Qt(()=>{o.abort(Ur)});var n=r.next;(r.f&64)!==0?r.parent=null:ke(r,t),r=n}}function ll(e){for(var t=e.first;t!==null;){var r=t.next;(t.f&32)===0&&ke(t),t=r}}function ke(e,t=!0){var r=!1;(t||(e.f&262144)!==0)&&e.nodes!==null&&e.nodes.end!==null&&(cl(e.nodes.start,e.nodes.end),r=!0),e.f|=33554432,pi(e,t&&!r),yn(e,0);var n=e.nodes&&e.nodes.t;if(n!==null)for(let s of n)s.stop();ds(e),e.f^=33554432,e.f|=16384;var o=e.parent;o!==null&&o.first!==null&&es(e),$&&(e.component_function=null),e.next=e.prev=e.teardown=e.ctx=e.deps=e.fn=e.nodes=e.ac=e.b=null}function cl(e,t){for(;e!==null;){var r=e===t?null:ft(e);e.remove(),e=r}}function es(e){var t=e.parent,r=e.prev,n=e.next;r!==null&&(r.next=n),n!==null&&(n.prev=r),t!==null&&(t.first===e&&(t.first=n),t.last===e&&(t.last=r))}function Rr(e,t,r=!0){var n=[];e.f|=256,dl(e,n,!0);var o=()=>{r&&ke(e),t&&t()},s=n.length;if(s>0){var a=()=>--s||o();for(var l of n)l.out(a)}else o()}function dl(e,t,r){if((e.f&8192)===0){e.f^=8192;var n=e.nodes&&e.nodes.t;if(n!==null)for(let l of n)(l.is_global||r)&&t.push(l);for(var o=e.first;o!==null;){var s=o.next;if((o.f&64)===0){var a=(o.f&65536)!==0||(o.f&32)!==0&&(e.f&16)!==0;dl(o,t,a?r:!1)}o=s}}}function jn(e){e.f&=-257,fl(e,!0)}function fl(e,t){if((e.f&256)===0&&(e.f&8192)!==0){e.f^=8192,(e.f&1024)===0&&(ce(e,2048),Vt.ensure().schedule(e));for(var r=e.first;r!==null;){var n=r.next,o=(r.f&65536)!==0||(r.f&32)!==0;fl(r,o?t:!1),r=n}var s=e.nodes&&e.nodes.t;if(s!==null)for(let a of s)(a.is_global||t)&&a.in()}}function Xn(e,t){if(e.nodes)for(var r=e.nodes.start,n=e.nodes.end;r!==null;){var o=r===n?null:ft(r);t.append(r),r=o}}var ul=null;var Bt=!1;function os(e){Bt=e}var M=null,kt=!1;function Fe(e){M=e}var R=null;function Ke(e){R=e}var mr=null;function eo(e){M!==null&&(!We&&(M.f&2097152)!==0||(M.f&2)!==0)&&(mr??=new Set).add(e)}var it=null,Et=0,Yt=null;function Ja(e){Yt=e}var hl=1,Tn=0,rr=Tn;function ns(e){rr=e}function Yn(){return++hl}function fn(e){var t=e.f;if((t&2048)!==0)return!0;if((t&4096)!==0){for(var r=e.deps,n=r.length,o=0;o<n;o++){var s=r[o];if(fn(s)&&jo(s),s.wv>e.wv)return!0}(t&512)!==0&&ot===null&&ce(e,1024)}return!1}function vl(e,t,r=!0){var n=e.reactions;if(n!==null&&!(!We&&mr!==null&&mr.has(e)))for(var o=0;o<n.length;o++){var s=n[o];(s.f&2)!==0?vl(s,t,!1):t===s&&(r?ce(s,2048):(s.f&1024)!==0&&ce(s,4096),vi(s))}}function Qi(e){var t=it,r=Et,n=Yt,o=M,s=mr,a=W,l=kt,c=rr,f=e.f;it=null,Et=0,Yt=null,M=(f&96)===0?e:null,mr=null,Vr(e.ctx),kt=!1,rr=++Tn,e.ac!==null&&(Qt(()=>{e.ac.abort(Ur)}),e.ac=null);try{e.f|=2097152;var p=e.fn,h=p();e.f|=32768;var u=pl(e);if(Cr()&&Yt!==null&&!kt&&u!==null&&(e.f&6146)===0)for(var v=0;v<Yt.length;v++)vl(Yt[v],e);if(o!==null&&o!==e){if(Tn++,o.deps!==null)for(let _=0;_<r;_+=1)o.deps[_].rv=Tn;if(t!==null)for(let _ of t)_.rv=Tn;Yt!==null&&(n===null?n=Yt:n.push(...Yt))}return(e.f&8388608)!==0&&(e.f^=8388608),h}catch(_){return pl(e),nl(_)}finally{e.f^=2097152,it=t,Et=r,Yt=n,M=o,mr=s,Vr(a),kt=l,rr=c}}function pl(e){var t=e.deps,r=B?.is_fork;if(it!==null){var n;if(r||yn(e,Et),t!==null&&Et>0)for(t.length=Et+it.length,n=0;n<it.length;n++)t[Et+n]=it[n];else e.deps=t=it;if(an()&&(e.f&512)!==0)for(n=Et;n<t.length;n++)(t[n].reactions??=[]).push(e)}else!r&&t!==null&&Et<t.length&&(yn(e,Et),t.length=Et);return t}function ud(e,t){let r=t.reactions;if(r!==null){var n=oa.call(r,e);if(n!==-1){var o=r.length-1;o===0?r=t.reactions=null:(r[n]=r[o],r.pop())}}if(r===null&&(t.f&2)!==0&&(it===null||!zr.call(it,t))){var s=t;(s.f&512)!==0&&(s.f^=512),s.v!==ue&&Un(s),s.ac!==null&&Qt(()=>{s.ac.abort(Ur),s.ac=null,ce(s,2048)}),Ba(s),yn(s,0)}}function yn(e,t){var r=e.deps;if(r!==null)for(var n=t;n<r.length;n++)ud(e,r[n])}function Dr(e){var t=e.f;if((t&16384)===0){ce(e,1024);var r=R;if(R=e,$){var n=hr;ji(e.component_function);var o=pr;zn(e.dev_stack??pr)}try{(t&16777232)!==0?ll(e):pi(e),ds(e);var s=Qi(e);if(e.teardown=typeof s=="function"?s:null,e.wv=hl,$&&fr&&(e.f&2048)!==0&&e.deps!==null)for(var a of e.deps)a.set_during_effect&&(a.wv=Yn(),a.set_during_effect=!1)}finally{R=r,$&&(ji(n),zn(o))}}}async function Ar(){if(We)return new Promise(e=>{requestAnimationFrame(()=>e()),setTimeout(()=>e())});await Promise.resolve(),dn()}function i(e){var t=e.f,r=(t&2)!==0;if(ul?.add(e),M!==null&&!kt){var n=R!==null&&(R.f&16384)!==0;if(!n&&(mr===null||!mr.has(e))){var o=M.deps;if((M.f&2097152)!==0)e.rv<Tn&&(e.rv=Tn,it===null&&o!==null&&o[Et]===e?Et++:it===null?it=[e]:it.push(e));else{M.deps??=[],zr.call(M.deps,e)||M.deps.push(e);var s=e.reactions;s===null?e.reactions=[M]:zr.call(s,M)||s.push(M)}}}if($){if(!kt&&Mt&&B===null&&_r===null&&!Mt.warned&&(Mt.effect.f&2097152)===0&&!Mt.effect_deps.has(e)){Mt.warned=!0,la(e.label);var a=ur("traced at");a&&console.warn(a)}if(fi.delete(e),fr&&!kt&&ai!==null&&M!==null&&ai.reaction===M){if(e.trace)e.trace();else if(a=ur("traced at"),a){var l=ai.entries.get(e);l===void 0&&(l={traces:[]},ai.entries.set(e,l));var c=l.traces[l.traces.length-1];a.stack!==c?.stack&&l.traces.push(a)}}}if(Bt&&tr.has(e))return tr.get(e);if(r){var f=e;if(Bt){var p=f.v;return((f.f&1024)===0&&f.reactions!==null||_l(f))&&(p=ui(f)),tr.set(f,p),p}var h=(f.f&512)===0&&!kt&&M!==null&&(M.f&512)!==0,u=(f.f&32768)===0;fn(f)&&(h&&(f.f|=512),jo(f)),h&&!u&&(Xo(f),gl(f))}if(ot?.has(e))return ot.get(e);if((e.f&8388608)!==0)throw e.v;return e.v}function gl(e){if(e.f|=512,e.deps!==null)for(let r of e.deps){var t=r.reactions;t===null?r.reactions=[e]:zr.call(t,e)||t.push(e),(r.f&2)!==0&&(r.f&512)===0&&(Xo(r),gl(r))}}function _l(e){if(e.v===ue)return!0;if(e.deps===null)return!1;for(let t of e.deps)if(tr.has(t)||(t.f&2)!==0&&_l(t))return!0;return!1}function N(e){var t=kt;try{return kt=!0,e()}finally{kt=t}}var hd=["allowfullscreen","async","autofocus","autoplay","checked","controls","default","disabled","formnovalidate","indeterminate","inert","ismap","loop","multiple","muted","nomodule","novalidate","open","playsinline","readonly","required","reversed","seamless","selected","webkitdirectory","defer","disablepictureinpicture","disableremoteplayback"];var R_=[...hd,"formNoValidate","isMap","noModule","playsInline","readOnly","value","volume","defaultValue","defaultChecked","srcObject","noValidate","allowFullscreen","disablePictureInPicture","disableRemotePlayback"];var vd=["touchstart","touchmove"];function ml(e){return vd.includes(e)}var gd=["$state","$state.raw","$derived","$derived.by"],A_=[...gd,"$state.eager","$state.snapshot","$props","$props.id","$bindable","$effect","$effect.pre","$effect.tracking","$effect.root","$effect.pending","$inspect","$inspect().with","$inspect.trace","$host"];var mi=Symbol("events"),ps=new Set,ao=new Set;function yl(e,t,r,n={}){function o(s){if(n.capture||lo.call(t,s),!s.cancelBubble)return Qt(()=>r?.call(this,s))}return e.startsWith("pointer")||e.startsWith("touch")||e==="wheel"?(o.__removed=!1,je(()=>{o.__removed||t.addEventListener(e,o,n)})):t.addEventListener(e,o,n),o}function Wt(e,t,r,n,o){var s={capture:n,passive:o},a=yl(e,t,r,s);(t===document.body||t===window||t===document||t instanceof HTMLMediaElement)&&ht(()=>{a.__removed=!0,t.removeEventListener(e,a,s)})}function Dt(e,t,r){(t[mi]??={})[e]=r}function $r(e){for(var t=0;t<e.length;t++)ps.add(e[t]);for(var r of ao)r(e)}var fs=null,us=!1;function lo(e){var t=this,r=t.ownerDocument,n=e.type,o=e.composedPath?.()||[],s=o[0]||e.target;fs=e,us||(us=!0,setTimeout(()=>{us=!1,fs=null}));var a=0,l=fs===e&&e[mi];if(l){var c=o.indexOf(l);if(c!==-1&&(t===document||t===window)){e[mi]=t;return}var f=o.indexOf(t);if(f===-1)return;c<=f&&(a=c)}if(s=o[a]||e.target,s!==t){Ge(e,"currentTarget",{configurable:!0,get(){return s||r}});var p=M,h=R;Fe(null),Ke(null);try{for(var u,v=[];s!==null&&s!==t;){try{var _=s[mi]?.[n];_!=null&&(!s.disabled||e.target===s)&&_.call(s,e)}catch(m){u?v.push(m):u=m}if(e.cancelBubble)break;a++,s=a<o.length?o[a]:null}if(u){for(let m of v)queueMicrotask(()=>{throw m});throw u}}finally{e[mi]=t,delete e.currentTarget,Fe(p),Ke(h)}}}var md=globalThis?.window?.trustedTypes&&globalThis.window.trustedTypes.createPolicy("svelte-trusted-html",{createHTML:e=>e});function wl(e){return md?.createHTML(e)??e}function hs(e){var t=Sr("template");return t.innerHTML=wl(e.replaceAll("<!>","<!---->")),t.content}function br(e,t){var r=R;r.nodes===null&&(r.nodes={start:e,end:t,a:null,t:null})}function Y(e,t){var r=(t&1)!==0,n=(t&2)!==0,o,s=!e.startsWith("<!>");return()=>{if(A)return br(U,null),U;o===void 0&&(o=hs(s?e:"<!>"+e),r||(o=pt(o)));var a=n||gi?document.importNode(o,!0):o.cloneNode(!0);if(r){var l=pt(a),c=a.lastChild;br(l,c)}else br(a,a);return a}}function st(){if(A)return br(U,null),U;var e=document.createDocumentFragment(),t=document.createComment(""),r=Ue();return e.append(t,r),br(t,r),e}function F(e,t){if(A){var r=R;((r.f&32768)===0||r.nodes.end===null)&&(r.nodes.end=U),dt();return}e!==null&&e.before(t)}function co(e){let t=0,r=Ze(0),n;return $&&le(r,"createSubscriber version"),()=>{an()&&(i(r),bt(()=>(t===0&&(n=N(()=>e(()=>He(r)))),t+=1,()=>{je(()=>{t-=1,t===0&&(n?.(),n=void 0,He(r))})})))}}var xd=589824;function _s(e,t,r,n){new gs(e,t,r,n)}var gs=class{parent;is_pending=!1;transform_error;#e;#r=A?U:null;#t;#n;#i;#o=null;#a=null;#s=null;#l=null;#c=0;#d=0;#v=!1;#m=new Map;#f=null;#g=co(()=>(this.#f=Ze(this.#c),$&&le(this.#f,"$effect.pending()"),()=>{this.#f=null}));constructor(t,r,n,o){this.#e=t,this.#t=r,this.#n=s=>{var a=R;a.b=this,a.f|=128,n(s)},this.parent=R.b,this.transform_error=o??this.parent?.transform_error??(s=>s),this.#i=Ct(()=>{if(A){let s=sn(this.#r);dt();let a=s==="[!";if(s.startsWith("[?")){let c=JSON.parse(s.slice("[?".length));this.#y(c)}else a?this.#h():this.#$()}else this.#b()},xd),A&&(this.#e=U)}#$(){try{this.#o=Ve(()=>this.#n(this.#e))}catch(t){this.error(t)}}#y(t){let r=this.#t.failed,{reset:n,invoke_onerror:o}=this.#_(t);je(o),r&&(this.#s=Ve(()=>{r(this.#e,()=>t,()=>n)}))}#_(t){var r=!1,n=!1;let o=()=>{if(!this.#u()){if(r){pa();return}r=!0,n&&Oa(),this.#s!==null&&Rr(this.#s,()=>{this.#s=null}),this.#w(()=>{this.#b()})}};return{reset:o,invoke_onerror:()=>{if(!this.#u())try{n=!0,this.#t.onerror?.(t,o),n=!1}catch(a){It(a,this.#i&&this.#i.parent)}}}}#u(){return(this.#i.f&33570816)!==0}#h(){let t=this.#t.pending;t&&(this.is_pending=!0,this.#a=Ve(()=>t(this.#e)),je(()=>{if(!this.#u()){var r=this.#l=document.createDocumentFragment(),n=Ue(),o=!1;if(r.append(n),this.#o=this.#w(()=>{try{return Ve(()=>this.#n(n))}catch(s){try{this.error(s),o=!0}catch(a){It(a,this.#i.parent)}return null}}),this.#o===null){this.#l=null,o&&this.#p(B);return}this.#d===0&&(this.#e.before(r),this.#l=null,Rr(this.#a,()=>{this.#a=null}),this.#p(B))}}))}#b(){try{if(this.is_pending=this.has_pending_snippet(),this.#d=0,this.#c=0,this.#o=Ve(()=>{this.#n(this.#e)}),this.#d>0){var t=this.#l=document.createDocumentFragment();Xn(this.#o,t);let r=this.#t.pending;this.#a=Ve(()=>r(this.#e))}else this.#p(B)}catch(r){this.error(r)}}#p(t){this.is_pending=!1,t.transfer_reactions(this.#m)}defer_effect(t){Ki(t,this.#m)}is_rendered(){return!this.is_pending&&(!this.parent||this.parent.is_rendered())}has_pending_snippet(){return!!this.#t.pending}#w(t){var r=R,n=M,o=W;Ke(this.#i),Fe(this.#i),Vr(this.#i.ctx);try{return Vt.ensure(),t()}finally{Ke(r),Fe(n),Vr(o)}}#x(t,r){if(!this.has_pending_snippet()){this.parent&&this.parent.#x(t,r);return}this.#d+=t,this.#d===0&&(this.#p(r),this.#a&&Rr(this.#a,()=>{this.#a=null}),this.#l&&(this.#e.before(this.#l),this.#l=null))}update_pending_count(t,r){this.#x(t,r),this.#c+=t,!(!this.#f||this.#v)&&(this.#v=!0,je(()=>{this.#v=!1,this.#f&&gr(this.#f,this.#c)}))}get_effect_pending(){return this.#g(),i(this.#f)}error(t){if(t===zt||!this.#t.onerror&&!this.#t.failed)throw t;B?.is_fork?(this.#o&&B.skip_effect(this.#o),this.#a&&B.skip_effect(this.#a),this.#s&&B.skip_effect(this.#s),B.oncommit(()=>{this.#u()||this.#E(t)})):this.#E(t)}#E(t){this.#o&&(ke(this.#o),this.#o=null),this.#a&&(ke(this.#a),this.#a=null),this.#s&&(ke(this.#s),this.#s=null),A&&(ae(this.#r),Ho(),ae(dr()));let r=this.#t.failed,n=o=>{if(this.#u())return;let{reset:s,invoke_onerror:a}=this.#_(o);a(),r&&!this.#u()&&(this.#s=this.#w(()=>{try{return Ve(()=>{var l=R;l.b=this,l.f|=128,r(this.#e,()=>o,()=>s)})}catch(l){return It(l,this.#i.parent),null}}))};je(()=>{if(!this.#u()){var o;try{o=this.transform_error(t)}catch(s){It(s,this.#i&&this.#i.parent);return}o!==null&&typeof o=="object"&&typeof o.then=="function"?o.then(n,s=>It(s,this.#i&&this.#i.parent)):n(o)}})}};var ms=!0;function uo(e,t){var r=t==null?"":typeof t=="object"?`${t}`:t;r!==(e[oi]??=e.nodeValue)&&(e[oi]=r,e.nodeValue=`${r}`)}function Kn(e,t){return El(e,t)}function bs(e,t){io(),t.intro=t.intro??!1;let r=t.target,n=A,o=U;try{for(var s=pt(r);s&&(s.nodeType!==Kt||s.data!=="[");)s=ft(s);if(!s)throw zt;Ie(!0),ae(s);let a=El(e,{...t,anchor:s});return Ie(!1),a}catch(a){if(a instanceof Error&&a.message.split(`
`).some(l=>l.startsWith("https://svelte.dev/e/")))throw a;return a!==zt&&console.warn("Failed to hydrate: ",a),t.recover===!1&&ka(),io(),di(r),Ie(!1),Kn(e,t)}finally{Ie(n),ae(o)}}var fo=new Map;function El(e,{target:t,anchor:r,props:n={},events:o,context:s,intro:a=!0,transformError:l}){io();var c=void 0,f=al(()=>{var p=r??t.appendChild(Ue());_s(p,{pending:()=>{}},v=>{De({});var _=W;if(s&&(_.c=s),o&&(n.$$events=o),A&&br(v,null),ms=a,c=e(v,n)||li(),ms=!0,A&&(R.nodes.end=U,U===null||U.nodeType!==Kt||U.data!=="]"))throw vn(),zt;Se()},l);var h=new Set,u=v=>{for(var _=0;_<v.length;_++){var m=v[_];if(!h.has(m)){h.add(m);var g=ml(m);for(let L of[t,document]){var b=fo.get(L);b===void 0&&(b=new Map,fo.set(L,b));var E=b.get(m);E===void 0?(L.addEventListener(m,lo,{passive:g}),b.set(m,1)):b.set(m,E+1)}}}};return u(On(ps)),ao.add(u),()=>{for(var v of h)for(let g of[t,document]){var _=fo.get(g),m=_.get(v);--m==0?(g.removeEventListener(v,lo),_.delete(v),_.size===0&&fo.delete(g)):_.set(v,m)}ao.delete(u),p!==r&&p.parentNode?.removeChild(p)}});return $s.set(c,f),c}var $s=new WeakMap;function $i(e,t){let r=$s.get(e);return r?($s.delete(e),r(t)):($&&ua(),Promise.resolve())}var yr=class{anchor;#e=new Map;#r=new Map;#t=new Map;#n=new Set;#i=!0;constructor(t,r=!0){this.anchor=t,this.#i=r}#o=t=>{if(this.#e.has(t)){var r=this.#e.get(t),n=this.#r.get(r);if(n)jn(n),this.#n.delete(r);else{var o=this.#t.get(r);o&&(jn(o.effect),this.#r.set(r,o.effect),this.#t.delete(r),$&&(o.fragment.lastChild[Po]=this.anchor),o.fragment.lastChild.remove(),this.anchor.before(o.fragment),n=o.effect)}for(let[s,a]of this.#e){if(this.#e.delete(s),s===t)break;let l=this.#t.get(a);l&&(ke(l.effect),this.#t.delete(a))}for(let[s,a]of this.#r){if(s===r||this.#n.has(s))continue;let l=()=>{if(Array.from(this.#e.values()).includes(s)){var f=document.createDocumentFragment();Xn(a,f),f.append(Ue()),this.#t.set(s,{effect:a,fragment:f})}else ke(a);this.#n.delete(s),this.#r.delete(s)};this.#i||!n?(this.#n.add(s),Rr(a,l,!1)):l()}}};#a=t=>{this.#e.delete(t);let r=Array.from(this.#e.values());for(let[n,o]of this.#t)r.includes(n)||(ke(o.effect),this.#t.delete(n))};ensure(t,r){var n=B,o=oo();if(r&&!this.#r.has(t)&&!this.#t.has(t))if(o){var s=document.createDocumentFragment(),a=Ue();s.append(a),this.#t.set(t,{effect:Ve(()=>r(a)),fragment:s})}else this.#r.set(t,Ve(()=>r(this.anchor)));if(this.#e.set(n,t),o){for(let[l,c]of this.#r)l===t?n.unskip_effect(c):n.skip_effect(c);for(let[l,c]of this.#t)l===t?n.unskip_effect(c.effect):n.skip_effect(c.effect);n.oncommit(this.#o),n.ondiscard(this.#a)}else A&&(this.anchor=U),this.#o(n)}};function yt(e,t,r=!1){var n;A&&(n=U,dt());var o=new yr(e),s=r?65536:0;function a(l,c){if(A){var f=sn(n);if(l!==parseInt(f.substring(1))){var p=dr();ae(p),o.anchor=p,Ie(!1),o.ensure(l,c),Ie(!0);return}}o.ensure(l,c)}Ct(()=>{var l=!1;t((c,f=0)=>{l=!0,a(f,c)}),l||a(-1,null)},s)}function St(e,t){return t}function Rd(e,t,r){for(var n=[],o=t.length,s,a=t.length,l=0;l<o;l++){let h=t[l];Rr(h,()=>{if(s){if(s.pending.delete(h),s.done.add(h),s.pending.size===0){var u=e.outrogroups;ys(e,On(s.done)),u.delete(s),u.size===0&&(e.outrogroups=null)}}else a-=1},!1)}if(a===0){var c=n.length===0&&r!==null&&e.pending.size===0;if(c){var f=r,p=f.parentNode;di(p),p.append(f),e.items.clear()}ys(e,t,!c)}else s={pending:new Set(t),done:new Set},(e.outrogroups??=new Set).add(s)}function ys(e,t,r=!0){var n;if(e.pending.size>0){n=new Set;for(let a of e.pending.values())for(let l of a)n.add(e.items.get(l).e)}for(var o=0;o<t.length;o++){var s=t[o];if(n?.has(s)){s.f|=33554432;let a=document.createDocumentFragment();Xn(s,a)}else ke(t[o],r)}}var kl;function at(e,t,r,n,o,s=null){var a=e,l=new Map,c=(t&4)!==0;if(c){var f=e;a=A?ae(pt(f)):f.appendChild(Ue())}A&&dt();var p=null,h=$n(()=>{var E=r();return Hr(E)?E:E==null?[]:On(E)});$&&le(h,"{#each ...}");var u=new Map,v=!0;function _(E){if((b.effect.f&16384)===0){b.pending.delete(E);var L=i(h);b.fallback=p,Ad(b,L,a,t,n),p!==null&&(L.length===0?(p.f&33554432)===0?jn(p):(p.f^=33554432,yi(p,null,a)):Rr(p,()=>{p=null}))}}function m(E){b.pending.delete(E)}var g=Ct(()=>{var E=i(h),L=E.length;let k=!1;if(A){var D=sn(a)==="[!";D!==(L===0)&&(a=dr(),ae(a),Ie(!1),k=!0)}for(var T=new Set,O=B,ne=oo(),J=0;J<L;J+=1){A&&U.nodeType===Kt&&U.data==="]"&&(a=U,k=!0,Ie(!1));var se=E[J],Ae=n(se,J);if($){var ve=n(se,J);Ae!==ve&&$a(String(J),String(Ae),String(ve))}var S=v?null:l.get(Ae);S?(S.v&&gr(S.v,se),S.i&&gr(S.i,J),ne&&O.unskip_effect(S.e)):(S=Nd(l,v?a:kl??=Ue(),se,Ae,J,o,t,r),v||(S.e.f|=33554432),l.set(Ae,S)),T.add(Ae)}if(L===0&&s&&!p&&(v?p=Ve(()=>s(a)):(p=Ve(()=>s(kl??=Ue())),p.f|=33554432)),L>T.size&&($?Od(E,n):Uo("","","")),A&&L>0&&ae(dr()),!v)if(u.set(O,T),ne){for(let[ge,qe]of l)T.has(ge)||O.skip_effect(qe.e);O.oncommit(_),O.ondiscard(m)}else _(O);k&&Ie(!0),i(h)}),b={effect:g,flags:t,items:l,pending:u,outrogroups:null,fallback:p};v=!1,A&&(a=U)}function bi(e){for(;e!==null&&(e.f&32)===0;)e=e.next;return e}function Ad(e,t,r,n,o){var s=(n&8)!==0,a=t.length,l=e.items,c=bi(e.effect.first),f,p=null,h,u=[],v=[],_,m,g,b;if(s)for(b=0;b<a;b+=1)_=t[b],m=o(_,b),g=l.get(m).e,(g.f&33554432)===0&&(g.nodes?.a?.measure(),(h??=new Set).add(g));for(b=0;b<a;b+=1){if(_=t[b],m=o(_,b),g=l.get(m).e,e.outrogroups!==null)for(let se of e.outrogroups)se.pending.delete(g),se.done.delete(g);if((g.f&8192)!==0&&(jn(g),s&&(g.nodes?.a?.unfix(),(h??=new Set).delete(g))),(g.f&33554432)!==0)if(g.f^=33554432,g===c)yi(g,null,r);else{var E=p?p.next:c;g===e.effect.last&&(e.effect.last=g.prev),g.prev&&(g.prev.next=g.next),g.next&&(g.next.prev=g.prev),un(e,p,g),un(e,g,E),yi(g,E,r),p=g,u=[],v=[],c=bi(p.next);continue}if(g!==c){if(f!==void 0&&f.has(g)){if(u.length<v.length){var L=v[0],k;p=L.prev;var D=u[0],T=u[u.length-1];for(k=0;k<u.length;k+=1)yi(u[k],L,r);for(k=0;k<v.length;k+=1)f.delete(v[k]);un(e,D.prev,T.next),un(e,p,D),un(e,T,L),c=L,p=T,b-=1,u=[],v=[]}else f.delete(g),yi(g,c,r),un(e,g.prev,g.next),un(e,g,p===null?e.effect.first:p.next),un(e,p,g),p=g;continue}for(u=[],v=[];c!==null&&c!==g;)(f??=new Set).add(c),v.push(c),c=bi(c.next);if(c===null)continue}(g.f&33554432)===0&&u.push(g),p=g,c=bi(g.next)}if(e.outrogroups!==null){for(let se of e.outrogroups)se.pending.size===0&&(ys(e,On(se.done)),e.outrogroups?.delete(se));e.outrogroups.size===0&&(e.outrogroups=null)}if(c!==null||f!==void 0){var O=[];if(f!==void 0)for(g of f)(g.f&8192)===0&&O.push(g);for(;c!==null;)(c.f&8192)===0&&c!==e.fallback&&O.push(c),c=bi(c.next);var ne=O.length;if(ne>0){var J=(n&4)!==0&&a===0?r:null;if(s){for(b=0;b<ne;b+=1)O[b].nodes?.a?.measure();for(b=0;b<ne;b+=1)O[b].nodes?.a?.fix()}Rd(e,O,J)}}s&&je(()=>{if(h!==void 0)for(g of h)g.nodes?.a?.apply()})}function Nd(e,t,r,n,o,s,a,l){var c=(a&1)!==0?(a&16)===0?En(r,!1,!1):Ze(r):null,f=(a&2)!==0?Ze(o):null;return $&&c&&(c.trace=()=>{l()[f?.v??o]}),{v:c,i:f,e:Ve(()=>(s(t,c??r,f??o,l),()=>{e.delete(n)}))}}function yi(e,t,r){if(e.nodes)for(var n=e.nodes.start,o=e.nodes.end,s=t&&(t.f&33554432)===0?t.nodes.start:r;n!==null;){var a=ft(n);if(s.before(n),n===o)return;n=a}}function un(e,t,r){t===null?e.effect.first=r:t.next=r,r===null?e.effect.last=t:r.prev=t}function Od(e,t){let r=new Map,n=e.length;for(let o=0;o<n;o++){let s=t(e[o],o);if(r.has(s)){let a=String(r.get(s)),l=String(o),c=String(s);c.startsWith("[object ")&&(c=null),Uo(a,l,c)}r.set(s,o)}}function jt(e,t,...r){var n=new yr(e);Ct(()=>{let o=t()??null;$&&o==null&&Ta(),n.ensure(o,o&&(s=>o(s,...r)))},65536)}function wi(e,t,r){var n;A&&(n=U,dt());var o=new yr(e);Ct(()=>{var s=t()??null;if(A){var a=sn(n),l=a==="[",c=s!==null;if(l!==c){var f=dr();ae(f),o.anchor=f,Ie(!1),o.ensure(s,s&&(p=>r(p,s))),Ie(!0);return}}o.ensure(s,s&&(p=>r(p,s)))},65536)}function vt(e,t){var r=void 0,n;cs(()=>{r!==(r=t())&&(n&&(ke(n),n=null),r&&(n=Ve(()=>{Ft(()=>r(e))})))})}function Dl(e){var t,r,n="";if(typeof e=="string"||typeof e=="number")n+=e;else if(typeof e=="object")if(Array.isArray(e)){var o=e.length;for(t=0;t<o;t++)e[t]&&(r=Dl(e[t]))&&(n&&(n+=" "),n+=r)}else for(r in e)e[r]&&(n&&(n+=" "),n+=r);return n}function Sl(){for(var e,t,r=0,n="",o=arguments.length;r<o;r++)(e=arguments[r])&&(t=Dl(e))&&(n&&(n+=" "),n+=t);return n}function Or(e){return typeof e=="object"?Sl(e):e??""}var Rl=[...` 	
\r\f \v\uFEFF`];function Nl(e,t,r){var n=e==null?"":""+e;if(t&&(n=n?n+" "+t:t),r){for(var o of Object.keys(r))if(r[o])n=n?n+" "+o:o;else if(n.length)for(var s=o.length,a=0;(a=n.indexOf(o,a))>=0;){var l=a+s;(a===0||Rl.includes(n[a-1]))&&(l===n.length||Rl.includes(n[l]))?n=(a===0?"":n.substring(0,a))+n.substring(l+1):a=l}}return n===""?null:n}function Al(e,t=!1){var r=t?" !important;":";",n="";for(var o of Object.keys(e)){var s=e[o];s!=null&&s!==""&&(n+=" "+o+": "+s+r)}return n}function ws(e){return e[0]!=="-"||e[1]!=="-"?e.toLowerCase():e}function Ol(e,t){if(t){var r="",n,o;if(Array.isArray(t)?(n=t[0],o=t[1]):n=t,e){e=String(e).replaceAll(/\/\*.*?\*\//g,"").trim();var s=!1,a=0,l=!1,c=[];n&&c.push(...Object.keys(n).map(ws)),o&&c.push(...Object.keys(o).map(ws));var f=0,p=-1;let m=e.length;for(var h=0;h<m;h++){var u=e[h];if(l?u==="/"&&e[h-1]==="*"&&(l=!1):s?s===u&&(s=!1):u==="/"&&e[h+1]==="*"?l=!0:u==='"'||u==="'"?s=u:u==="("?a++:u===")"&&a--,!l&&s===!1&&a===0){if(u===":"&&p===-1)p=h;else if(u===";"||h===m-1){if(p!==-1){var v=ws(e.substring(f,p).trim());if(!c.includes(v)){u!==";"&&h++;var _=e.substring(f,h).trim();r+=" "+_+";"}}f=h+1,p=-1}}}}return n&&(r+=Al(n)),o&&(r+=Al(o,!0)),r=r.trim(),r===""?null:r}return e==null?null:String(e)}function Z(e,t,r,n,o,s){var a=e[ni];if(A||a!==r||a===void 0){var l=Nl(r,n,s);(!A||l!==e.getAttribute("class"))&&(l==null?e.removeAttribute("class"):t?e.className=l:e.setAttribute("class",l)),e[ni]=r}else if(s&&o!==s)for(var c in s){var f=!!s[c];(o==null||f!==!!o[c])&&e.classList.toggle(c,f)}return s}function xs(e,t={},r,n){for(var o in r){var s=r[o];t[o]!==s&&(r[o]==null?e.style.removeProperty(o):e.style.setProperty(o,s,n))}}function Wr(e,t,r,n){var o=e[ii];if(A||o!==t){var s=Ol(t,n);(!A||s!==e.getAttribute("style"))&&(s==null?e.removeAttribute("style"):e.style.cssText=s),e[ii]=t}else n&&(Array.isArray(n)?(xs(e,r?.[0],n[0]),xs(e,r?.[1],n[1],"important")):xs(e,r,n));return n}var Yd=Symbol("is custom element"),qd=Symbol("is html"),Gd=Fo?"link":"LINK";function Pe(e,t,r,n){var o=Wd(e);if(A&&(o[t]=e.getAttribute(t),t==="src"||t==="srcset"||t==="href"&&e.nodeName===Gd)){n||Xd(e,t,r??"");return}var s=o[t];s!==(o[t]=r)&&(t==="loading"&&(e[aa]=r),r==null?e.removeAttribute(t):typeof r!="string"&&jd(e).has(t)?e[t]=r:A&&(typeof r=="number"||typeof r=="boolean")&&s===String(r)||e.setAttribute(t,r))}function Wd(e){return e[Ui]??={[Yd]:e.nodeName.includes("-"),[qd]:e.namespaceURI===Bi}}var Il=new Map;function jd(e){var t=e.getAttribute("is")||e.nodeName,r=Il.get(t);if(r)return r;Il.set(t,r=new Set);for(var n,o=e,s=Element.prototype;s!==o;){n=Io(o);for(var a in n)n[a].set&&a!=="innerHTML"&&a!=="textContent"&&a!=="innerText"&&r.add(a);o=In(o)}return r}function Xd(e,t,r){$&&(t==="srcset"&&Kd(e,r)||Es(e.getAttribute(t)??"",r)||fa(t,e.outerHTML.replace(e.innerHTML,e.innerHTML&&"..."),String(r)))}function Es(e,t){return e===t?!0:new URL(e,document.baseURI).href===new URL(t,document.baseURI).href}function Ml(e){return e.split(",").map(t=>t.trim().split(" ").filter(Boolean))}function Kd(e,t){var r=Ml(e.srcset),n=Ml(t);return n.length===r.length&&n.every(([o,s],a)=>s===r[a][1]&&(Es(r[a][0],o)||Es(o,r[a][0])))}var ks=class e{#e=new WeakMap;#r;#t;static entries=new WeakMap;constructor(t){this.#t=t}observe(t,r){var n=this.#e.get(t)||new Set;return n.add(r),this.#e.set(t,n),this.#n().observe(t,this.#t),()=>{var o=this.#e.get(t);o.delete(r),o.size===0&&(this.#e.delete(t),this.#r.unobserve(t))}}#n(){return this.#r??(this.#r=new ResizeObserver(t=>{for(var r of t){e.entries.set(r.target,r);for(var n of this.#e.get(r.target)||[])n(r)}}))}};var Zd=new ks({box:"border-box"});function ho(e,t,r){var n=Zd.observe(e,()=>r(e[t]));Ft(()=>(N(()=>r(e[t])),n))}function Ts(e,t){return e===t||e?.[xt]===t}function jr(e=li(),t,r,n){var o=W.r,s=R;return Ft(()=>{var a,l;return bt(()=>{a=l,l=n?.()||[],N(()=>{Ts(r(...l),e)||(t(e,...l),a&&Ts(r(...a),e)&&t(null,...a))})}),()=>{let c=s;for(;c!==o&&c.parent!==null&&c.parent.f&33554432;)c=c.parent;let f=()=>{l&&Ts(r(...l),e)&&t(null,...l)},p=c.teardown;c.teardown=()=>{f(),p?.()}}}),e}var vo=!1;function Cs(e){var t=vo;try{return vo=!1,[e(),vo]}finally{vo=t}}var of={get(e,t){if(!e.exclude.has(t))return e.props[t]},set(e,t){return $&&Da(`${e.name}.${String(t)}`),!1},getOwnPropertyDescriptor(e,t){if(!e.exclude.has(t)&&t in e.props)return{enumerable:!0,configurable:!0,value:e.props[t]}},has(e,t){return e.exclude.has(t)?!1:t in e.props},ownKeys(e){return Reflect.ownKeys(e.props).filter(t=>!e.exclude.has(t))}};function Ds(e,t,r){return new Proxy($?{props:e,exclude:t,name:r}:{props:e,exclude:t},of)}function oe(e,t,r,n){var o=!Br||(r&2)!==0,s=(r&8)!==0,a=(r&16)!==0,l=n,c=!0,f=void 0,p=()=>a&&o?(f??=cn(n),i(f)):(c&&(c=!1,l=a?N(n):n),l);let h;if(s){var u=xt in e||ri in e;h=Nt(e,t)?.set??(u&&t in e?k=>e[t]=k:void 0)}var v,_=!1;s?[v,_]=Cs(()=>e[t]):v=e[t],v===void 0&&n!==void 0&&(v=p(),h&&(o&&Ca(t),h(v)));var m;if(o?m=()=>{var k=e[t];return k===void 0?p():(c=!0,k)}:m=()=>{var k=e[t];return k!==void 0&&(l=void 0),k===void 0?l:k},o&&(r&4)===0)return m;if(h){var g=e.$$legacy;return(function(k,D){return arguments.length>0?((!o||!D||g||_)&&h(D?m():k),k):m()})}var b=!1,E=((r&1)!==0?cn:$n)(()=>(b=!1,m()));$&&(E.label=t),s&&i(E);var L=R;return(function(k,D){if(arguments.length>0){let T=D?i(E):o&&s?ze(k):k;return w(E,T),b=!0,l!==void 0&&(l=T),k}return Bt&&b||(L.f&16384)!==0?E.v:i(E)})}function Fl(e){return new Ss(e)}var Ss=class{#e;#r;constructor(t){var r=new Map,n=(s,a)=>{var l=En(a,!1,!1);return r.set(s,l),l};let o=new Proxy({...t.props||{},$$events:{}},{get(s,a){return i(r.get(a)??n(a,Reflect.get(s,a)))},has(s,a){return a===ri?!0:(i(r.get(a)??n(a,Reflect.get(s,a))),Reflect.has(s,a))},set(s,a,l){return w(r.get(a)??n(a,l),l),Reflect.set(s,a,l)}});this.#r=(t.hydrate?bs:Kn)(t.component,{target:t.target,anchor:t.anchor,props:o,context:t.context,intro:t.intro??!1,recover:t.recover,transformError:t.transformError}),!We&&(!t?.props?.$$host||t.sync===!1)&&dn(),this.#e=o.$$events;for(let s of Object.keys(this.#r))s==="$set"||s==="$destroy"||s==="$on"||Ge(this,s,{get(){return this.#r[s]},set(a){this.#r[s]=a},enumerable:!0});this.#r.$set=s=>{Object.assign(o,s)},this.#r.$destroy=()=>{$i(this.#r)}}$set(t){this.#r.$set(t)}$on(t,r){this.#e[t]=this.#e[t]||[];let n=(...o)=>r.call(this,...o);return this.#e[t].push(n),()=>{this.#e[t]=this.#e[t].filter(o=>o!==n)}}$destroy(){this.#r.$destroy()}};var pf;typeof HTMLElement=="function"&&(pf=class extends HTMLElement{$$ctor;$$s;$$c;$$cn=!1;$$d={};$$r=!1;$$p_d={};$$l={};$$l_u=new Map;$$me;$$shadowRoot=null;constructor(e,t,r){super(),this.$$ctor=e,this.$$s=t,r&&(this.$$shadowRoot=this.attachShadow(r))}addEventListener(e,t,r){if(this.$$l[e]=this.$$l[e]||[],this.$$l[e].push(t),this.$$c){let n=this.$$c.$on(e,t);this.$$l_u.set(t,n)}super.addEventListener(e,t,r)}removeEventListener(e,t,r){if(super.removeEventListener(e,t,r),this.$$c){let n=this.$$l_u.get(t);n&&(n(),this.$$l_u.delete(t))}}async connectedCallback(){if(this.$$cn=!0,!this.$$c){let e=function(n){return o=>{let s=Sr("slot");n!=="default"&&(s.name=n),F(o,s)}};if(await Promise.resolve(),!this.$$cn||this.$$c)return;let t={},r=hf(this);for(let n of this.$$s)n in r&&(n==="default"&&!this.$$d.children?(this.$$d.children=e(n),t.default=!0):t[n]=e(n));for(let n of this.attributes){let o=this.$$g_p(n.name);o in this.$$d||(this.$$d[o]=Rs(o,n.value,this.$$p_d,"toProp"))}for(let n in this.$$p_d)!(n in this.$$d)&&this[n]!==void 0&&(this.$$d[n]=this[n],delete this[n]);this.$$c=Fl({component:this.$$ctor,target:this.$$shadowRoot||this,props:{...this.$$d,$$slots:t,$$host:this}}),this.$$me=ls(()=>{bt(()=>{this.$$r=!0;for(let n of Oo(this.$$c)){if(!this.$$p_d[n]?.reflect)continue;this.$$d[n]=this.$$c[n];let o=Rs(n,this.$$d[n],this.$$p_d,"toAttribute");o==null?this.removeAttribute(this.$$p_d[n].attribute||n):this.setAttribute(this.$$p_d[n].attribute||n,o)}this.$$r=!1})});for(let n in this.$$l)for(let o of this.$$l[n]){let s=this.$$c.$on(n,o);this.$$l_u.set(o,s)}this.$$l={}}}attributeChangedCallback(e,t,r){this.$$r||(e=this.$$g_p(e),this.$$d[e]=Rs(e,r,this.$$p_d,"toProp"),this.$$c?.$set({[e]:this.$$d[e]}))}disconnectedCallback(){this.$$cn=!1,Promise.resolve().then(()=>{!this.$$cn&&this.$$c&&(this.$$c.$destroy(),this.$$me(),this.$$c=void 0)})}$$g_p(e){return Oo(this.$$p_d).find(t=>this.$$p_d[t].attribute===e||!this.$$p_d[t].attribute&&t.toLowerCase()===e)||e}});function Rs(e,t,r,n){let o=r[e]?.type;if(t=o==="Boolean"&&typeof t!="boolean"?t!=null:t,!n||!r[e])return t;if(n==="toAttribute")switch(o){case"Object":case"Array":return t==null?null:JSON.stringify(t);case"Boolean":return t?"":null;case"Number":return t??null;default:return t}else switch(o){case"Object":case"Array":return t&&JSON.parse(t);case"Boolean":return t;case"Number":return t!=null?+t:t;default:return t}}function hf(e){let t={};return e.childNodes.forEach(r=>{t[r.slot||"default"]=!0}),t}if($){let e=function(t){if(!(t in globalThis)){let r;Object.defineProperty(globalThis,t,{configurable:!0,get:()=>{if(r!==void 0)return r;Sa(t)},set:n=>{r=n}})}};e("$state"),e("$effect"),e("$derived"),e("$inspect"),e("$props"),e("$bindable")}function Hl(){return M===null&&Ea(),(M.ac??=new AbortController).signal}function xi(e){W===null&&si("onMount"),Br&&W.l!==null?gf(W).m.push(e):Pt(()=>{let t=N(e);if(typeof t=="function")return t})}function gf(e){var t=e.l;return t.u??={a:[],b:[],m:[]}}typeof window<"u"&&((window.__svelte??={}).v??=new Set).add("5");var Ei=class extends Map{#e=new Map;#r=V(0);#t=V(0);#n=rr||-1;constructor(t){if(super(),$&&(t=new Map(t),le(this.#r,"SvelteMap version"),le(this.#t,"SvelteMap.size")),t){for(var[r,n]of t)super.set(r,n);this.#t.v=super.size}}#i(t){return rr===this.#n?V(t):Ze(t)}has(t){var r=this.#e,n=r.get(t);if(n===void 0)if(super.has(t))n=this.#i(0),$&&le(n,`SvelteMap get(${Hn(t)})`),r.set(t,n);else return i(this.#r),!1;return i(n),!0}forEach(t,r){this.#o(),super.forEach(t,r)}get(t){var r=this.#e,n=r.get(t);if(n===void 0)if(super.has(t))n=this.#i(0),$&&le(n,`SvelteMap get(${Hn(t)})`),r.set(t,n);else{i(this.#r);return}return i(n),super.get(t)}getOrInsert(t,r){return super.has(t)||this.set(t,r),this.get(t)}getOrInsertComputed(t,r){return super.has(t)||this.set(t,r(t)),this.get(t)}set(t,r){var n=this.#e,o=n.get(t),s=super.get(t),a=super.set(t,r),l=this.#r;if(o===void 0)o=this.#i(0),$&&le(o,`SvelteMap get(${Hn(t)})`),n.set(t,o),w(this.#t,super.size),He(l);else if(s!==r){He(o);var c=l.reactions===null?null:new Set(l.reactions),f=c===null||!o.reactions?.every(p=>c.has(p));f&&He(l)}return a}delete(t){var r=this.#e,n=r.get(t),o=super.delete(t);return n!==void 0&&(r.delete(t),w(n,-1)),o&&(w(this.#t,super.size),He(this.#r)),o}clear(){if(super.size!==0){super.clear();var t=this.#e;w(this.#t,0);for(var r of t.values())w(r,-1);He(this.#r),t.clear()}}#o(){i(this.#r);var t=this.#e;if(this.#t.v!==t.size){for(var r of super.keys())if(!t.has(r)){var n=this.#i(0);$&&le(n,`SvelteMap get(${Hn(r)})`),t.set(r,n)}}for([,n]of this.#e)i(n)}keys(){return i(this.#r),super.keys()}values(){return this.#o(),super.values()}entries(){return this.#o(),super.entries()}[Symbol.iterator](){return this.entries()}get size(){return i(this.#t),super.size}};var zl=Symbol("replace"),go=class extends URLSearchParams{#e=$?le(V(0),"SvelteURLSearchParams version"):V(0);#r=Ul();#t=!1;#n(){if(!this.#r||this.#t)return;this.#t=!0;let t=super.toString();this.#r.search=t&&`?${t}`,this.#t=!1}[zl](t){if(!this.#t&&t.toString()!==super.toString()){this.#t=!0;for(let r of[...super.keys()])super.delete(r);for(let[r,n]of t)super.append(r,n);He(this.#e),this.#t=!1}}append(t,r){super.append(t,r),this.#n(),He(this.#e)}delete(t,r){var n=super.has(t,r);super.delete(t,r),n&&(this.#n(),He(this.#e))}get(t){return i(this.#e),super.get(t)}getAll(t){return i(this.#e),super.getAll(t)}has(t,r){return i(this.#e),super.has(t,r)}keys(){return i(this.#e),super.keys()}forEach(t,r){i(this.#e),super.forEach(t,r)}set(t,r){var n=super.getAll(t);super.set(t,r);var o=super.getAll(t);(n.length!==o.length||n.some((s,a)=>s!==o[a]))&&(this.#n(),He(this.#e))}sort(){super.sort(),this.#n(),He(this.#e)}toString(){return i(this.#e),super.toString()}values(){return i(this.#e),super.values()}entries(){return i(this.#e),super.entries()}[Symbol.iterator](){return this.entries()}get size(){return i(this.#e),super.size}};var mf=null;function Ul(){return mf}function $f(e,t=void 0){return function(r){return r.key==="Enter"||r.key===" "&&!r.preventDefault()?e.call(t,r):void 0}}function wr(e,t){return t?null:r=>{typeof e=="string"?r.innerText=e:e?.domNodes?r.replaceChildren(...e.domNodes):e?.html&&(r.innerHTML=e.html)}}function bf(e,t=!1){return r=>{let n,o=new ResizeObserver(s=>{for(let a of s){if(t){let{inlineSize:l}=a.contentBoxSize?.[0]??{inlineSize:a.contentRect.width};if(l===n)continue;n=l}e(r,a)}});return o.observe(r),()=>{o.unobserve(r)}}}function yf(e,t){return r=>{let n=new IntersectionObserver(o=>{for(let s of o)e(r,s)},t);return n.observe(r),()=>{n.unobserve(r)}}}function $e(...e){return Object.assign(...e)}function Cn(e){return Object.keys(e)}function wf(e){return Object.entries(e)}function Ls(e,t){return Object.hasOwn(e,t)}function ic(e){return Math.floor(e)}function xf(e){return Math.ceil(e)}function Ir(...e){return Math.min(...e)}function ir(...e){return Math.max(...e)}function Ef(){return Symbol("ec")}function Xr(e){return e.length}function Dn(e){return!Xr(e)}function bo(e=new Date){return-e.getTimezoneOffset()}function Jn(e){return Array.isArray(e)}function fe(e){return typeof e=="function"}function oc(e){if(typeof e!="object"||e===null)return!1;let t=Object.getPrototypeOf(e);return t===null||t===Object.prototype}function qs(e){return e instanceof Date}function kf(e){return e()}function Tf(e){e.forEach(kf)}function Cf(){}var yo=e=>e;function Ti(){return window.getComputedStyle(document.documentElement).direction==="rtl"}function Ps(e){return t=>t===void 0?void 0:e(t)}var Bl=new WeakMap,Df=1;function Gs(e){let t=Bl.get(e);return t||(t=Df++,Bl.set(e,t)),t}function sc(e){return{url:e.url?.replace(/&+$/,"")||"",method:e.method?.toUpperCase()||"GET",extraParams:e.extraParams??{}}}function Si(e,t,r,n){return n?{snippet:n,arg:t?.()}:{content:(fe(e)?e(t?.()):e)??(fe(r)?r():r)}}var Fs=86400;function or(e=new Date,t=void 0){return qs(e)?Nf(e,t):Of(e,t)}function Ye(e){if(typeof e=="number")e={seconds:e};else if(typeof e=="string"){let r=0,n=2;for(let o of e.split(":",3))r+=parseInt(o,10)*Math.pow(60,n--);e={seconds:r}}else qs(e)&&(e={hours:e.getUTCHours(),minutes:e.getUTCMinutes(),seconds:e.getUTCSeconds()});let t=e.weeks||e.week||0;return{years:e.years||e.year||0,months:e.months||e.month||0,days:t*7+(e.days||e.day||0),seconds:(e.hours||e.hour||0)*60*60+(e.minutes||e.minute||0)*60+(e.seconds||e.second||0),inWeeks:!!t}}function H(e){let t=new Date(Zr(e));return Ci(t,zs(e)),t}function me(e,t,r=1){e.setUTCFullYear(e.getUTCFullYear()+r*t.years);let n=e.getUTCMonth()+r*t.months;for(e.setUTCMonth(n),n%=12,n<0&&(n+=12);e.getUTCMonth()!==n;)Sn(e);return e.setUTCDate(e.getUTCDate()+r*t.days),e.setUTCSeconds(e.getUTCSeconds()+r*t.seconds),e}function $o(e,t,r=1){return me(e,t,-r)}function Mr(e,t=1){return e.setUTCDate(e.getUTCDate()+t),e}function Sn(e,t=1){return Mr(e,-t)}function _t(e){return e.setUTCHours(0,0,0,0),e}function Re(e){return new Date(e.getUTCFullYear(),e.getUTCMonth(),e.getUTCDate(),e.getUTCHours(),e.getUTCMinutes(),e.getUTCSeconds())}function xr(e,t=19){return e.toISOString().substring(0,t)}function Zr(e){return e.getTime()}function Qe(e,...t){return t.every(r=>Zr(e)===Zr(r))}function Sf(e,t){let r=t-e.getUTCDay();return e.setUTCDate(e.getUTCDate()+(r<=0?r:r-7)),e}function Vl(e){return typeof e=="string"&&e.length<=10}function Hs(e,t){return e.setUTCHours(t.getUTCHours(),t.getUTCMinutes(),t.getUTCSeconds(),0),e}function de(e){return e.seconds}function ac(e,t,r){return me(e,t),fc(e,r,Mr),e}function lc(e,t,r){return $o(e,t),fc(e,r,Sn),e}function Rf(e,t){e=H(e),t===0?e.setUTCDate(e.getUTCDate()+6-e.getUTCDay()):e.setUTCDate(e.getUTCDate()+4-(e.getUTCDay()||7));let r=new Date(Date.UTC(e.getUTCFullYear(),0,1));return Math.ceil(((e-r)/1e3/Fs+1)/7)}function Af(e,t,r,n){return Si(r,()=>({date:Re(t),week:e}),()=>"W"+String(e).padStart(2,"0"),n)}function cc(e,t={}){let r=e.match(/([+-])(\d{2}):(\d{2})$/);if(r)return $e(t,r),+(r[1]+"1")*(+r[2]*60+ +r[3])}function Ws(e,t){return t&&e.setUTCMinutes(e.getUTCMinutes()+t),e}var dc=Symbol("ec");function Ci(e,t){return e[dc]=t,e}function zs(e){return e[dc]}function Nf(e,t=void 0){let r=new Date(Date.UTC(e.getFullYear(),e.getMonth(),e.getDate(),e.getHours(),e.getMinutes(),e.getSeconds()));return Ws(r,t?t-bo(r):0),Ci(r,t??bo(r)),r}function Of(e,t=void 0){let r={},n=cc(e,r);n!==void 0&&(e=e.substring(0,r.index));let o=e.match(/\d+/g),s=new Date(Date.UTC(+o[0],+o[1]-1,+o[2],+o[3]||0,+o[4]||0,+o[5]||0));return t!==void 0&&n!==void 0&&Ws(s,t-n),Ci(s,t??n),s}function fc(e,t,r){if(t.length&&t.length<7)for(;t.includes(e.getUTCDay());)r(e)}var js=Ef();function uc(e,t){e[js]=t}function If(e){return!!e?.[js]}function Kr(e){return e[js]}function pc(e,t,r,n=[]){let o=document.createElement(e);o.className=t,typeof r=="string"?o.innerText=r:r.domNodes?o.replaceChildren(...r.domNodes):r.html&&(o.innerHTML=r.html);for(let s of n)o.setAttribute(...s);return o}function wo(e){return e.getBoundingClientRect()}function Yl(e,t){for(;t--;)e=e.parentElement;return e}function Mf(e){return wo(e).height}function Zn(e,t,r=document,n=[]){n.push(r);for(let o of r.elementsFromPoint(e,t)){if(If(o))return o;if(o.shadowRoot&&!n.includes(o.shadowRoot)){let s=Zn(e,t,o.shadowRoot,n);if(s)return s}}return null}function ki(e,t,r,n){return e.addEventListener(t,r,n),()=>e.removeEventListener(t,r,n)}function Lf(e,t,r,n){return{type:e,title:t,currentStart:r.start,currentEnd:r.end,activeStart:n.start,activeEnd:n.end,calendar:void 0}}function wt(e){return e=$e({},e),e.currentStart=Re(e.currentStart),e.currentEnd=Re(e.currentEnd),e.activeStart=Re(e.activeStart),e.activeEnd=Re(e.activeEnd),e}var Pf=1;function xo(e,t=void 0){return e.map(r=>{let n={id:r.id!=null?String(r.id):`{generated-${Pf++}}`,resourceIds:As(r,"resourceId").map(String),allDay:r.allDay??(Vl(r.start)&&Vl(r.end)),start:or(r.start,t),end:or(r.end,t),title:r.title??"",editable:r.editable,startEditable:r.startEditable,durationEditable:r.durationEditable,display:r.display??"auto",layoutGroup:r.layoutGroup?.toString(),extendedProps:r.extendedProps??{},backgroundColor:r.backgroundColor??r.color,textColor:r.textColor,classNames:As(r,"className"),styles:As(r,"style")};if(n.allDay){_t(n.start);let o=H(n.end);_t(n.end),(!Qe(n.end,o)||Qe(n.end,n.start))&&Mr(n.end)}return n})}function As(e,t){let r=e[t+"s"]??e[t]??[];return Jn(r)?r:[r]}function Ff(e){return e.map(t=>({events:t.events,...sc(t)}))}function Hf(e,t,r){return r.formatRange(e.start,t&&e.event.display!=="pointer"&&!e.zeroDuration?e.end:null)}function zf(e,t,r){let n;switch(e.event.display){case"background":n=[];break;case"pointer":n=e.event.allDay?[]:[ql(t,e,r)];break;default:n=[...e.event.allDay?[]:[ql(t,e,r)],pc("h4",r.eventTitle,e.event.title)]}return{domNodes:n}}function ql(e,t,r){return pc("time",r.eventTime,e,[["datetime",xr(t.start)]])}function Uf(e,t,r){let n=t.classNames;return e&&(fe(e)&&(e=e({event:gt(t),view:wt(r)})),n=[...Jn(e)?e:[e],...n]),n}function gt(e){return hc(e,Re)}function Ns(e){return hc(e,H)}function hc(e,t){return e=$e({},e),e.start=t(e.start),e.end=t(e.end),e}var Gl=0;function Bf(e,t){e.length=t.length,++Gl;for(let r of e)r?.reposition(Gl)}function Di(e,t,r,n=void 0){return(!n||e.resourceIds.includes(n.id))&&e.start<r&&e.end>t}function To(e){return Vf(e)||Yf(e)||qf(e)}function Jr(e){return e==="background"}function Vf(e){return e==="preview"}function Yf(e){return e==="ghost"}function qf(e){return e==="pointer"}function Xs(e,t,r){return t=e.start>t?e.start:t,r=e.end<r?e.end:r,{start:t,end:r,event:e,zeroDuration:Qe(t,r)}}function Us(e,t,r=!0){let n=[],o,s,a,l;for(let{gridColumn:c,gridRow:f,resource:p,dayStart:h,dayEnd:u,disabled:v}of t)!v&&Di(e,h,u,p)&&(n.push(h),o=u,s||(s=c,a=f,l=p));if(n.length){let c=Xs(e,n[0],o);return $e(c,{gridColumn:s,gridRow:a,resource:l,dates:n}),r&&Ks(c),[c]}return[]}function Gf(e){let t={},r={};for(let n of e){let{gridColumn:o,gridRow:s}=n;for(let l=1;l<n.dates.length;++l){let c=`${s}_${o+l}`;r[c]?r[c].chunks.push(n):r[c]={sorted:!1,chunks:[n]}}let a=`${s}_${o}`;n.long=r[a],n.prev=t[a],t[a]=n}}function Ks(e){let{event:t,gridColumn:r,gridRow:n}=e;e.id=`${Gs(t)}-${r}-${n}`}function Eo(e,t){return()=>{let{options:{locale:r}}=e,n=e.options[t],o;return N(()=>{o=fe(n)?{format:n}:new Intl.DateTimeFormat(r,n)}),{format:s=>o.format(Re(s))}}}function Wl(e,t,r=!1){return()=>{let{options:{locale:n}}=e,o=e.options[t],s;return N(()=>{if(fe(o))s=(a,l)=>o(Re(a),l&&Re(l));else{let a=new Intl.DateTimeFormat(n,o);s=(l,c)=>{if(!c)return a.format(Re(l));if(r&&(c=Hs(H(l),c)),l=Re(l),c=Re(c),l<=c)return a.formatRange(l,c);{let f=a.formatRangeToParts(c,l),p="",h=["startRange","endRange"],u=[!1,!1];for(let v of f){let _=h.indexOf(v.source);_>=0?u[_]||(p+=Wf(h[1-_],f),u[_]=!0):p+=v.value}return p}}}}),{formatRange:s}}}function Wf(e,t){let r="";for(let n of t)n.source==e&&(r+=n.value);return r}function jf(e){return Co(e,"day")}function Xf(e){return Co(e,"week")}function Kf(e){return Co(e,"month")}function Zf(e){return Co(e,"year")}function Co(e,t){return{...e,next:"Next "+t,prev:"Previous "+t}}function _o(e){return t=>({...t,view:e})}function Jf(e){let t,r;return e&&({start:t,end:r}=e,t&&(t=_t(or(t))),r&&(r=_t(or(r)))),{start:t,end:r}}function Do(e,t){return t.start&&e<t.start||t.end&&e>t.end}function Zs(e){let t=[];return vc(e,0,!1,t),t}function vc(e,t,r,n){let o=[];for(let s of e){let a=Qf(s);o.push(a),n.push(a);let l={level:t,children:[],hidden:r};uc(a,l),s.children&&(l.children=vc(s.children,t+1,r||!a.expanded,n))}return o}function Qf(e){return{id:e.id!=null?String(e.id):"",title:e.title??"",eventBackgroundColor:gc(e),eventTextColor:_c(e),expanded:e.expanded??!0,extendedProps:e.extendedProps??{}}}function gc(e){return e?.eventBackgroundColor}function _c(e){return e?.eventTextColor}function jl(e,t){return Dn(e.resourceIds)?void 0:t.find(r=>e.resourceIds.includes(r.id))}function mc(e,t,r,n,o){let s=[];e=H(e);let a=H(e);for(me(e,n.min),me(a,n.max);e<a;)s.push([xr(e),o.format(e)]),me(e,t,r);let l=ic((e-a)/1e3/de(t));return l&&l!==r&&(s.at(-1)[2]=r-l),s}function $c(e,t,r,n,o){let s=Ye(e),a=Ye(t);if(r){let l=Ye(Ir(de(s),ir(0,de(a)-Fs))),c=Ye(ir(de(a),de(l)+Fs)),f=fe(r?.eventFilter)?r.eventFilter:p=>!Jr(p.display);e:for(let p of n){let h=me(H(p),s),u=me(H(p),a),v=me(H(p),l),_=me(H(p),c);for(let m of o)if(!m.allDay&&f(m)&&m.start<_&&m.end>v){if(m.start<h){let g=ir((m.start-p)/1e3,de(l));g<de(s)&&(s.seconds=g)}if(m.end>u){let g=Ir((m.end-p)/1e3,de(c));g>de(a)&&(a.seconds=g)}if(de(s)===de(l)&&de(a)===de(c))break e}}}return{min:s,max:a}}function ko(e){let t=0,r=V(ze(t));return bc(e,()=>i(r),()=>!0,()=>w(r,++t,!0))}function eu(e){let t=0,r=ze({});return bc(e,n=>r[n],(n,o)=>n!==o,n=>r[n]=++t)}function bc(e,t,r,n){return new Proxy(e,{get(o,s,a){return Ls(o,s)&&t(s),Reflect.get(o,s,a)},set(o,s,a,l){let c=r(o[s],a),f=Reflect.set(o,s,a,l);return c&&n(s),f}})}function tu(e){let t={buttonText:{today:"today"},customButtons:{},customScrollbars:!1,date:new Date,dateIncrement:void 0,datesSet:void 0,dayCellContent:void 0,dayHeaderFormat:{weekday:"short",month:"numeric",day:"numeric"},dayHeaderAriaLabelFormat:{dateStyle:"full"},displayEventEnd:!0,duration:{weeks:1},events:[],eventAllUpdated:void 0,eventBackgroundColor:void 0,eventClassNames:void 0,eventClick:void 0,eventColor:void 0,eventContent:void 0,eventDidMount:void 0,eventFilter:void 0,eventGap:1,eventMouseEnter:void 0,eventMouseLeave:void 0,eventOrder:void 0,eventOrderStrict:!1,eventSources:[],eventTextColor:void 0,eventTimeFormat:{hour:"numeric",minute:"2-digit"},filterEventsWithResources:!1,firstDay:0,headerToolbar:{start:"title",center:"",end:"today prev,next"},height:void 0,hiddenDays:[],highlightedDates:[],icons:{},lazyFetching:!0,loading:void 0,locale:void 0,refetchResourcesOnNavigate:!1,resources:[],selectable:!1,theme:{active:"ec-active",bgEvent:"ec-bg-event",bgEvents:"ec-bg-events",body:"ec-body",button:"ec-button",buttonGroup:"ec-button-group",calendar:"ec",colHead:"ec-col-head",customScrollbars:"ec-custom-scrollbars",day:"ec-day",dayHead:"ec-day-head",disabled:"ec-disabled",endClipped:"ec-end-clipped",event:"ec-event",eventBody:"ec-event-body",eventTime:"ec-event-time",eventTitle:"ec-event-title",events:"ec-events",grid:"ec-grid",header:"ec-header",hidden:"ec-hidden",highlight:"ec-highlight",icon:"ec-icon",main:"ec-main",noBeb:"ec-no-beb",noIeb:"ec-no-ieb",startClipped:"ec-start-clipped",today:"ec-today",title:"ec-title",toolbar:"ec-toolbar",view:"",weekdays:["ec-sun","ec-mon","ec-tue","ec-wed","ec-thu","ec-fri","ec-sat"],weekNumber:"ec-week-number"},timeZone:"local",titleFormat:{year:"numeric",month:"short",day:"numeric"},validRange:void 0,view:void 0,viewDidMount:void 0,views:{}};for(let r of e)r.createOptions?.(t);return t}function ru(e){let t={date:r=>_t(or(r)),dateIncrement:Ps(Ye),duration:Ye,events:xo,eventSources:Ff,hiddenDays:r=>[...new Set(r)],highlightedDates:r=>r.map(n=>_t(or(n))),resources:r=>Jn(r)?Zs(r):oc(r)?sc(r):r,validRange:Jf};for(let r of e)r.createParsers?.(t);return t}var Bs=["buttonText","customButtons","icons","theme"];function nu(e,t){let r=tu(e),n=ru(e);r=Vs(r,n),t=Vs(t,n);let o=Os(r,"views")??{},s=Os(t,"views")??{},a=eu({});$e(a,r),t.view&&(a.view=t.view);let l={},c={},f={},p=new Set([...Cn(o),...Cn(s)]);for(let h of p){let u=s[h]??{},v=Xl(r,o[h]??o[u.type]??{}),_=Xl(v,t,u),m=Os(_,"component");delete _.view;for(let g of Cn(_))Ls(a,g)?(l[g]??=[],l[g].push(Bs.includes(g)?b=>_[g]=fe(b)?b(v[g]):b:b=>_[g]=b)):delete _[g];c[h]=_,f[h]=m}return $e(a,c[a.view]),[a,function(u,v,_=!0){Ls(a,u)&&(_||(u in n?v=n[u](v):oc(v)?v={...v}:Jn(v)&&(v=[...v])),l[u]?.forEach(m=>m(v)),a[u]=Bs.includes(u)&&fe(v)?c[a.view][u]:v)},function(u){return $e(a,c[u]),f[u]}]}function Vs(e,t){let r={...e};for(let n of Cn(t))n in r&&(r[n]=t[n](r[n]));if(e.views){r.views={};for(let n of Cn(e.views))r.views[n]=Vs(e.views[n],t)}return r}function Os(e,t){let r=e[t];return delete e[t],r}function Xl(...e){let t={};for(let r of e){let n={};for(let o of Bs)fe(r[o])&&(n[o]=r[o](t[o]));t={...t,...r,...n}}return t}function iu(e,t){let r=[];for(let n of Cn(e))e[n]!==t[n]&&r.push([n,e[n]]);return r}function ou(e){return()=>{let{options:{view:t}}=e;N(()=>{let r=e.setViewOptions(t);e.extensions={},e.features=[],e.viewComponent=r(e)})}}function su(e,t){return()=>{let{activeRange:r,fetchedRange:{events:n},offset:o,viewDates:s,options:{events:a,eventSources:l,lazyFetching:c,timeZone:f}}=e;N(()=>{yc(l.map(p=>fe(p.events)?p.events:p),a,p=>xo(p,o),p=>e.events=ko(p),f,r,n,s,!0,c,t)})}}function au(e,t){return()=>{let{activeRange:r,fetchedRange:{resources:n},viewDates:o,options:{lazyFetching:s,refetchResourcesOnNavigate:a,resources:l,timeZone:c}}=e;N(()=>{yc(Jn(l)?[]:[l],l,Zs,f=>e.resources=ko(f),c,r,n,o,a,s,t)})}}function yc(e,t,r,n,o,s,a,l,c,f,p){if(!Dn(l)){if(Dn(e)){n(t);return}if((c||!a.start)&&(!f||!a.start||a.start>s.start||a.end<s.end||a.timeZone!==o)){let h=[],u=g=>p.stop(),v=g=>{h=h.concat(r(g)),n(h),p.stop()},_=xr(s.start),m=xr(s.end);for(let g of e)if(p.start(),fe(g)){let b=g(c?{start:Re(s.start),end:Re(s.end),startStr:_,endStr:m,timeZone:o}:{},v,u);b!==void 0&&Promise.resolve(b).then(v,u)}else{let b=fe(g.extraParams)?g.extraParams():$e({},g.extraParams);c&&(b.start=_,b.end=m,o!=="local"&&(b.timeZone=o)),b=new URLSearchParams(b);let E=g.url,L={},k;["GET","HEAD"].includes(g.method)?E+=(E.includes("?")?"&":"?")+b:(L["content-type"]="application/x-www-form-urlencoded;charset=UTF-8",k=String(b)),fetch(E,{method:g.method,headers:L,body:k,signal:Hl(),credentials:"same-origin"}).then(D=>D.json()).then(v).catch(u)}$e(a,{...s,timeZone:o})}}}function lu(e){let t=0;function r(n){let{options:{loading:o}}=e;fe(o)&&o(n)}return{start:()=>++t===1&&r(!0),stop:()=>--t===0&&r(!1)}}function cu(e){return()=>{let{offset:t}=e,r=setInterval(()=>{let n=or(void 0,t),o=_t(H(n));e.now=n,Qe(e.today,o)||(e.today=o)},1e3);return()=>clearInterval(r)}}function du(e){return()=>{let{offset:t,options:r}=e;N(()=>{for(let o of e.events)if(!o.allDay)for(let s of["start","end"]){let a=zs(o[s]);a!==void 0&&Ws(o[s],t-a),Ci(o[s],t)}let n=zs(r.date);if(n!==void 0){let o=or(void 0,t).getUTCDay()-or(void 0,n).getUTCDay(),s=Mr(H(r.date),o);e.setOption("date",s)}Ci(r.date,t)})}}function fu(e){return()=>{let{activeRange:t,options:{datesSet:r}}=e;N(()=>{fe(r)&&r({start:Re(t.start),end:Re(t.end),startStr:xr(t.start),endStr:xr(t.end),view:wt(e.view)})})}}function uu(e){let t;return()=>{let{filteredEvents:r,options:{eventAllUpdated:n}}=e;N(()=>{fe(n)&&(t||(t=setTimeout(()=>{t=null,n({view:wt(e.view)})})))})}}function pu(e){return()=>{let{options:{view:t,viewDidMount:r}}=e;N(()=>{fe(r)&&Ar().then(()=>r({view:wt(e.view)}))})}}function hu(e){let t;return()=>{let{options:{date:r,duration:n,firstDay:o}}=e,s,a;return N(()=>{s=H(r),n.years?(s.setUTCMonth(0),s.setUTCDate(1)):n.months?s.setUTCDate(1):n.inWeeks&&Sf(s,o),a=me(H(s),n)}),t&&Qe(t.start,s)&&Qe(t.end,a)?t:t={start:s,end:a}}}function vu(e){let t;return()=>{let{currentRange:r,extensions:{activeRange:n}}=e,o,s;N(()=>{o=H(r.start),s=H(r.end)});let a=n?n(o,s):{start:o,end:s};return t&&Qe(t.start,a.start)&&Qe(t.end,a.end)?t:t=a}}function gu(e){return()=>{let{events:t,options:{eventFilter:r,eventOrder:n,filterEventsWithResources:o,resources:s,view:a}}=e,l=[...t];return N(()=>{if(fe(r)){let c=t.map(gt),f=wt(e.view);l=l.filter((p,h)=>r({event:gt(p),index:h,events:c,view:f}))}o&&(l=l.filter(c=>s.some(f=>c.resourceIds.includes(f.id)))),fe(n)?l.sort((c,f)=>n(gt(c),gt(f))):l.sort((c,f)=>c.start-f.start||f.allDay-c.allDay)}),l}}function _u(e){return()=>{let{options:{timeZone:t}}=e,r;return N(()=>{r=t==="local"?bo():t==="UTC"?0:cc(t)??bo()}),r}}function mu(e){return()=>{let{options:t,activeRange:r}=e,{hiddenDays:n}=t,o=[];return N(()=>{let s=_t(H(r.start)),a=_t(H(r.end));for(;s<a;)n.includes(s.getUTCDay())||o.push(H(s)),Mr(s);if(!o.length&&n.length&&n.length<7){for(;n.includes(s.getUTCDay());)Mr(s);Ar().then(()=>{e.setOption("date",s)})}}),o}}function $u(e){return()=>{let{currentRange:t,intlTitle:r}=e,n;return N(()=>{n=r.formatRange(t.start,Sn(H(t.end)))}),n}}function bu(e){return()=>{let{activeRange:t,currentRange:r,viewTitle:n,options:{view:o}}=e,s;return N(()=>{s=Lf(o,n,r,t)}),s}}var yu=class{#e;get auxComponents(){return i(this.#e)}set auxComponents(e){w(this.#e,e,!0)}#r;get offset(){return i(this.#r)}set offset(e){w(this.#r,e)}#t;get currentRange(){return i(this.#t)}set currentRange(e){w(this.#t,e)}#n;get activeRange(){return i(this.#n)}set activeRange(e){w(this.#n,e)}#i;get fetchedRange(){return i(this.#i)}set fetchedRange(e){w(this.#i,e,!0)}#o;get events(){return i(this.#o)}set events(e){w(this.#o,e)}#a;get filteredEvents(){return i(this.#a)}set filteredEvents(e){w(this.#a,e)}#s;get mainEl(){return i(this.#s)}set mainEl(e){w(this.#s,e,!0)}#l;get now(){return i(this.#l)}set now(e){w(this.#l,e,!0)}#c;get resources(){return i(this.#c)}set resources(e){w(this.#c,e)}#d;get scrollDate(){return i(this.#d)}set scrollDate(e){w(this.#d,e,!0)}#v;get today(){return i(this.#v)}set today(e){w(this.#v,e,!0)}#m;get intlEventTime(){return i(this.#m)}set intlEventTime(e){w(this.#m,e)}#f;get intlDayHeader(){return i(this.#f)}set intlDayHeader(e){w(this.#f,e)}#g;get intlDayHeaderAL(){return i(this.#g)}set intlDayHeaderAL(e){w(this.#g,e)}#$;get intlTitle(){return i(this.#$)}set intlTitle(e){w(this.#$,e)}#y;get viewDates(){return i(this.#y)}set viewDates(e){w(this.#y,e)}#_;get viewTitle(){return i(this.#_)}set viewTitle(e){w(this.#_,e)}#u;get view(){return i(this.#u)}set view(e){w(this.#u,e)}#h;get viewComponent(){return i(this.#h)}set viewComponent(e){w(this.#h,e,!0)}#b;get extensions(){return i(this.#b)}set extensions(e){w(this.#b,e,!0)}#p;get features(){return i(this.#p)}set features(e){w(this.#p,e,!0)}#w;get interaction(){return i(this.#w)}set interaction(e){w(this.#w,e,!0)}#x;get iClasses(){return i(this.#x)}set iClasses(e){w(this.#x,e,!0)}#E;get iClass(){return i(this.#E)}set iClass(e){w(this.#E,e,!0)}options;setOption;setViewOptions;constructor(e,t){[this.options,this.setOption,this.setViewOptions]=nu(e,t),this.#e=V(ze([])),this.#r=d(_u(this)),this.#t=d(hu(this)),this.#n=d(vu(this)),this.#i=V(ze({events:{},resources:{}})),this.#o=V(ko(this.options.events)),this.#a=d(gu(this)),this.#s=V(),this.#l=V(ze(or(void 0,this.offset))),this.#c=V(ko(Jn(this.options.resources)?this.options.resources:[])),this.#d=V(),this.#v=V(ze(_t(H(this.now)))),this.#m=d(Wl(this,"eventTimeFormat",!0)),this.#f=d(Eo(this,"dayHeaderFormat")),this.#g=d(Eo(this,"dayHeaderAriaLabelFormat")),this.#$=d(Wl(this,"titleFormat")),this.#y=d(mu(this)),this.#_=d($u(this)),this.#u=d(bu(this)),this.#h=V(),this.#b=V(ze({})),this.#p=V(ze([])),this.snippets={},this.#w=V(ze({})),this.iEvents=new Ei,this.#x=V(ze(yo)),this.#E=V();for(let r of e)r.initState?.(this);this.#k()}#k(){let e=lu(this);Gt(ou(this)),Gt(du(this)),Gt(cu(this)),Pt(su(this,e)),Pt(au(this,e)),Pt(fu(this)),Pt(uu(this)),Pt(pu(this))}},wu=Y("<h2></h2>"),Kl=Y("<button><i></i></button>"),Zl=Y("<button> </button>"),xu=Y("<div><!></div>"),Eu=Y("<button></button>");function Jl(e,t){De(t,!0);let r=be("state"),n=d(()=>r.currentRange),o=d(()=>r.snippets),s=d(()=>r.today),a=d(()=>r.viewTitle),l=d(()=>r.viewDates),c=d(()=>r.options.buttonText),f=d(()=>r.options.customButtons),p=d(()=>r.options.date),h=d(()=>r.options.dateIncrement),u=d(()=>r.options.duration),v=d(()=>r.options.hiddenDays),_=d(()=>r.options.theme),m=d(()=>r.options.validRange),g=d(()=>r.options.view),b=V(!1),E=V(!1),L=V(!1),k=!1;Gt(()=>{i(l),i(m),t.buttons,N(()=>{k||(k=!0,t.buttons.includes("prev")&&(w(b,!1),i(m).start&&w(b,D(T),!0)),t.buttons.includes("next")&&(w(E,!1),i(m).end&&w(E,D(O),!0)),t.buttons.includes("today")&&(w(L,i(s)>=i(n).start&&i(s)<i(n).end,!0),!i(L)&&(i(m).start||i(m).end)&&w(L,D(ne),!0)),Ar().then(()=>k=!1))})});function D(ve){let S=i(p);ve();let ge=i(l).every(qe=>Do(qe,i(m)));return r.setOption("date",S),ge}function T(){r.setOption("date",lc(H(i(p)),i(h)??i(u),i(v)))}function O(){r.setOption("date",ac(H(i(p)),i(h)??i(u),i(v)))}function ne(){r.setOption("date",H(i(s)))}function J(ve){return"customButton"+ve.charAt(0).toUpperCase()+ve.slice(1)}var se=st(),Ae=Le(se);at(Ae,17,()=>t.buttons,St,(ve,S)=>{var ge=st(),qe=Le(ge),Ht=P=>{var y=wu();vt(y,()=>wr(i(a))),ie(()=>Z(y,1,i(_).title)),F(P,y)},Lr=P=>{var y=Kl(),K=Wn(y);ie(()=>{Z(y,1,`${i(_).button??""} ec-${i(S)??""}`),Pe(y,"aria-label",i(c).prev),Pe(y,"title",i(c).prev),y.disabled=i(b),Z(K,1,`${i(_).icon??""} ec-${i(S)??""}`)}),Dt("click",y,T),F(P,y)},ye=P=>{var y=Kl(),K=Wn(y);ie(()=>{Z(y,1,`${i(_).button??""} ec-${i(S)??""}`),Pe(y,"aria-label",i(c).next),Pe(y,"title",i(c).next),y.disabled=i(E),Z(K,1,`${i(_).icon??""} ec-${i(S)??""}`)}),Dt("click",y,O),F(P,y)},sr=P=>{var y=Zl(),K=Wn(y,!0);ie(()=>{Z(y,1,`${i(_).button??""} ec-${i(S)??""}`),y.disabled=i(L),uo(K,i(c)[i(S)])}),Dt("click",y,ne),F(P,y)},ar=P=>{let y=d(()=>Si(i(f)[i(S)]?.content,void 0,void 0,i(o)[J(i(S))]));var K=xu(),I=Be(K);jt(I,()=>i(y).snippet??lt),_e(K),vt(K,()=>wr(i(y).content,i(y).snippet)),ie(()=>Z(K,1,`ec-${i(S)??""}`)),F(P,K)},lr=d(()=>i(o)[J(i(S))]||i(f)[i(S)]?.content!=null),X=P=>{var y=Eu();vt(y,()=>wr(i(f)[i(S)].text)),ie(()=>Z(y,1,Or([i(_).button,`ec-${i(S)}`,i(f)[i(S)].active&&i(_).active]))),Dt("click",y,function(...K){i(f)[i(S)].click?.apply(this,K)}),F(P,y)},j=P=>{var y=Zl(),K=Wn(y,!0);ie(()=>{Z(y,1,Or([i(_).button,`ec-${i(S)}`,i(g)===i(S)&&i(_).active])),uo(K,i(c)[i(S)])}),Dt("click",y,()=>r.setOption("view",i(S))),F(P,y)};yt(qe,P=>{i(S)==="title"?P(Ht):i(S)==="prev"?P(Lr,1):i(S)==="next"?P(ye,2):i(S)==="today"?P(sr,3):i(lr)?P(ar,4):i(f)[i(S)]?P(X,5):P(j,-1)}),F(ve,ge)}),F(e,se),Se()}$r(["click"]);var ku=Y("<div><!></div>"),Tu=Y("<div></div>"),Cu=Y("<nav></nav>");function Du(e,t){De(t,!0);let r=d(()=>be("state")),n=d(()=>i(r).options.headerToolbar),o=d(()=>i(r).options.theme),s=d(()=>{let l={};for(let c of["start","center","end"])l[c]=i(n)[c]?.split(" ").filter(Boolean).map(f=>f.split(",").filter(Boolean))??[];return l});var a=Cu();at(a,21,()=>Cn(i(s)),St,(l,c)=>{var f=Tu();at(f,21,()=>i(s)[i(c)],St,(p,h)=>{var u=st(),v=Le(u),_=g=>{var b=ku();Jl(Be(b),{get buttons(){return i(h)}}),_e(b),ie(()=>Z(b,1,i(o).buttonGroup)),F(g,b)},m=g=>{Jl(g,{get buttons(){return i(h)}})};yt(v,g=>{i(h).length>1?g(_):g(m,-1)}),F(p,u)}),_e(f),ie(()=>Z(f,1,`ec-${i(c)??""}`)),F(l,f)}),_e(a),ie(()=>Z(a,1,i(o).toolbar)),F(e,a),Se()}var Su=new Set(["$$slots","$$events","$$legacy","plugins","options"]),Ru=Y("<div><!> <!> <!></div>");function Au(e,t){De(t,!0);let r=oe(t,"plugins",19,()=>[]),n=oe(t,"options",19,()=>({})),o=Ds(t,Su),s=new yu(r(),n());s.snippets=o,Xi("state",s);let a=d(()=>s.auxComponents),l=d(()=>s.features),c=d(()=>s.events),f=d(()=>s.interaction),p=d(()=>s.iClass),h=d(()=>s.offset),u=d(()=>s.view),v=d(()=>s.viewComponent),_=d(()=>s.options.date),m=d(()=>s.options.dateIncrement),g=d(()=>s.options.duration),b=d(()=>s.options.height),E=d(()=>s.options.hiddenDays),L=d(()=>s.options.customScrollbars),k=d(()=>s.options.theme),D={...n()};Gt(()=>{for(let[I,z]of iu(n(),D))N(()=>{T(I,z)});$e(D,n())});function T(I,z){return s.setOption(I,z,!1),this}function O(I){let z=s.options[I];return qs(z)?Re(z):z}function ne(){return s.fetchedRange.resources={},this}function J(){return s.fetchedRange.events={},this}function se(){return i(c).map(gt)}function Ae(I){I=String(I);for(let z of i(c))if(z.id===I)return gt(z);return null}function ve(I){return I=xo([I],i(h))[0],i(c).push(I),gt(I)}function S(I){let z=String(I.id),et=i(c).findIndex(Ne=>Ne.id===z);return et>=0?(I=xo([I],i(h))[0],i(c)[et]=I,gt(I)):null}function ge(I){I=String(I);let z=i(c).findIndex(et=>et.id===I);return z>=0&&i(c).splice(z,1),this}function qe(){return wt(i(u))}function Ht(){return i(f).action?.unselect(),this}function Lr(I,z){let et=Zn(I,z);if(et){let Ne=Kr(et)(I,z);return Ne.date=Re(Ne.date),Ne}return null}function ye(I){return I=_t(or(I)),s.setOption("date",H(I)),s.scrollDate=I,this}function sr(){return s.setOption("date",ac(H(i(_)),i(m)??i(g),i(E))),this}function ar(){return s.setOption("date",lc(H(i(_)),i(m)??i(g),i(E))),this}var lr={setOption:T,getOption:O,refetchResources:ne,refetchEvents:J,getEvents:se,getEventById:Ae,addEvent:ve,updateEvent:S,removeEventById:ge,getView:qe,unselect:Ht,dateFromPoint:Lr,gotoDate:ye,next:sr,prev:ar},X=Ru();let j;var P=Be(X);Du(P,{});var y=Je(P,2);wi(y,()=>i(v),(I,z)=>{z(I,{})});var K=Je(y,2);return at(K,17,()=>i(a),St,(I,z)=>{var et=st(),Ne=Le(et);wi(Ne,()=>i(z),(cr,Pr)=>{Pr(cr,{})}),F(I,et)}),_e(X),ie(I=>{Z(X,1,Or([i(k).calendar,i(k).view,i(p)&&i(k)[i(p)],i(L)&&i(k).customScrollbars])),Pe(X,"role",I),j=Wr(X,"",j,{height:i(b)})},[()=>i(l).includes("list")?"list":"table"]),F(e,X),Se(lr)}function Nu(e){"weekNumbers"in e||$e(e,{weekNumbers:!1,weekNumberContent:void 0})}var Ou=Y("<div><!></div>");function Iu(e,t){De(t,!0);let r=oe(t,"el",15),n=oe(t,"allDay",3,!1),o=oe(t,"resource",3,void 0),s=oe(t,"dateFromPoint",3,()=>t.date),a=oe(t,"classes",3,yo),l=oe(t,"disabled",3,!1),c=oe(t,"highlight",3,!1),f=oe(t,"role",3,"cell"),p=oe(t,"noIeb",3,!1),h=oe(t,"noBeb",3,!1),u=oe(t,"defaultContent",3,void 0),v=d(()=>be("state")),_=d(()=>i(v).today),m=d(()=>i(v).snippets),g=d(()=>i(v).interaction.action),b=d(()=>i(v).options.dayCellContent),E=d(()=>i(v).options.theme),L=d(()=>be("view-state")),k=d(()=>i(L).snap),D=d(()=>Qe(t.date,i(_))),T=d(()=>Si(i(b),()=>({allDay:n(),date:Re(t.date),isToday:i(D),resource:o()}),u(),i(m).dayCellContent)),O=d(()=>a()([i(E).day,i(E).weekdays?.[t.date.getUTCDay()],i(D)&&i(E).today,c()&&i(E).highlight,l()&&i(E).disabled,p()&&i(E).noIeb,h()&&i(E).noBeb]));xi(()=>{uc(r(),(S,ge)=>({allDay:n(),date:s()(S,ge),resource:o(),dayEl:r(),disabled:l()}))});let ne=d(()=>!l()&&i(g)?S=>i(g).select(S,i(k)):void 0);var J=Ou(),se=Be(J),Ae=S=>{var ge=st(),qe=Le(ge);jt(qe,()=>t.content,()=>i(T)),F(S,ge)},ve=S=>{var ge=st(),qe=Le(ge);jt(qe,()=>i(T).snippet??lt,()=>i(T).arg),F(S,ge)};yt(se,S=>{t.content?S(Ae):S(ve,-1)}),_e(J),jr(J,S=>r(S),()=>r()),vt(J,()=>t.content?null:wr(i(T).content,i(T).snippet)),ie(()=>{Z(J,1,Or(i(O))),Pe(J,"role",f())}),Dt("pointerdown",J,function(...S){i(ne)?.apply(this,S)}),F(e,J),Se()}$r(["pointerdown"]);var Mu=Y("<div><!></div>"),Lu=Y("<article><!></article>");function Pu(e,t){De(t,!0);let r=oe(t,"el",15),n=oe(t,"classes",3,yo),o=oe(t,"styles",3,yo),s=d(()=>be("state")),a=d(()=>i(s).intlEventTime),l=d(()=>i(s).resources),c=d(()=>i(s).snippets),f=d(()=>i(s).view),p=d(()=>i(s).options.displayEventEnd),h=d(()=>i(s).options.eventBackgroundColor),u=d(()=>i(s).options.eventColor),v=d(()=>i(s).options.eventContent),_=d(()=>i(s).options.eventClick),m=d(()=>i(s).options.eventDidMount),g=d(()=>i(s).options.eventClassNames),b=d(()=>i(s).options.eventMouseEnter),E=d(()=>i(s).options.eventMouseLeave),L=d(()=>i(s).options.eventTextColor),k=d(()=>i(s).options.theme),D=d(()=>t.chunk.event),T=d(()=>t.chunk.event.display),O=d(()=>i(D).backgroundColor??gc(t.chunk.resource??jl(i(D),i(l)))??i(h)??i(u)),ne=d(()=>i(D).textColor??_c(t.chunk.resource??jl(i(D),i(l)))??i(L)),J=d(()=>wf(o()({"background-color":i(O),color:i(ne)})).map(X=>`${X[0]}:${X[1]}`).concat(i(D).styles).join(";")),se=d(()=>{let X=[Jr(i(T))?i(k).bgEvent:i(k).event];if(i(D).allDay){Qe(_t(H(t.chunk.start)),i(D).start)||X.push(i(k).startClipped);let j=H(t.chunk.end),P=H(i(D).end);j.setUTCSeconds(j.getUTCSeconds()-1),P.setUTCSeconds(P.getUTCSeconds()-1),Qe(_t(j),_t(P))||X.push(i(k).endClipped)}else Qe(t.chunk.start,i(D).start)||X.push(i(k).startClipped),Qe(t.chunk.end,i(D).end)||X.push(i(k).endClipped);return n()(X.concat(Uf(i(g),i(D),i(f))))}),Ae=d(()=>Hf(t.chunk,i(p),i(a))),ve=d(()=>Si(i(v),()=>({event:gt(i(D)),timeText:i(Ae),view:wt(i(f))}),()=>zf(t.chunk,i(Ae),i(k)),i(c).eventContent));xi(()=>{fe(i(m))&&i(m)({event:gt(i(D)),timeText:i(Ae),el:r(),view:wt(i(f))})});function S(X,j){return fe(X)&&!To(j)?P=>X({event:gt(i(D)),el:r(),jsEvent:P,view:wt(i(f))}):void 0}let ge=d(()=>!Jr(i(T))&&S(i(_),i(T))||void 0),qe=d(()=>i(ge)&&$f(i(ge))),Ht=d(()=>S(i(b),i(T))),Lr=d(()=>S(i(E),i(T)));var ye=Lu();{let X=j=>{var P=Mu(),y=Be(P);jt(y,()=>i(ve).snippet??lt,()=>i(ve).arg),_e(P),vt(P,()=>wr(i(ve).content,i(ve).snippet)),ie(()=>Z(P,1,Or(i(k).eventBody))),F(j,P)};var sr=Be(ye),ar=j=>{var P=st(),y=Le(P);jt(y,()=>t.body,()=>X,()=>i(O),()=>i(ne)),F(j,P)},lr=j=>{X(j)};yt(sr,j=>{t.body?j(ar):j(lr,-1)}),_e(ye),jr(ye,j=>r(j),()=>r())}ie(()=>{Z(ye,1,Or(i(se))),Wr(ye,i(J)),Pe(ye,"role",i(ge)?"button":void 0),Pe(ye,"tabindex",i(ge)?0:void 0)}),Dt("click",ye,function(...X){i(ge)?.apply(this,X)}),Dt("keydown",ye,function(...X){i(qe)?.apply(this,X)}),Wt("mouseenter",ye,function(...X){i(Ht)?.apply(this,X)}),Wt("mouseleave",ye,function(...X){i(Lr)?.apply(this,X)}),Dt("pointerdown",ye,function(...X){t.onpointerdown?.apply(this,X)}),F(e,ye),Se()}$r(["click","keydown","pointerdown"]);var Fu=Y("<div><!></div>");function mo(e,t){De(t,!0);let r=oe(t,"weekday",3,!0),n=oe(t,"colSpan",3,1),o=oe(t,"ariaHidden",3,!1),s=oe(t,"disabled",3,!1),a=oe(t,"highlight",3,!1),l=oe(t,"cssSpan",3,!1),c=d(()=>be("state")),f=d(()=>i(c).today),p=d(()=>i(c).options.theme);var h=Fu();let u;var v=Be(h);jt(v,()=>t.children),_e(h),ie(_=>{Z(h,1,_),Pe(h,"role",o()?null:"columnheader"),Pe(h,"aria-colspan",o()||n()<=1?null:n()),Pe(h,"aria-colindex",o()?null:t.colIndex),Pe(h,"aria-hidden",o()?"true":null),u=Wr(h,"",u,{"--ec-col-group-span":l()?n():void 0})},[()=>Or([t.className??i(p).colHead,r()&&i(p).weekdays?.[t.date.getUTCDay()],r()&&Qe(t.date,i(f))&&i(p).today,a()&&i(p).highlight,s()&&i(p).disabled])]),F(e,h),Se()}var Hu=Y("<time></time>");function zu(e,t){De(t,!0);let r=oe(t,"alPrefix",3,""),n=d(()=>be("state")),o=d(()=>i(n).intlDayHeader),s=d(()=>i(n).intlDayHeaderAL);var a=Hu();vt(a,()=>wr(i(o).format(t.date))),ie((l,c)=>{Pe(a,"datetime",l),Pe(a,"aria-label",`${r()??""}${c??""}`)},[()=>xr(t.date,10),()=>i(s).format(t.date)]),F(e,a),Se()}function Uu(e,t){De(t,!0);let r=oe(t,"el",15),n=d(()=>be("state")),o=d(()=>i(n).iClasses),s=d(()=>i(n).interaction.action),a=d(()=>i(n).interaction.resizer),l=d(()=>be("view-state")),c=d(()=>i(l).snap),f=d(()=>t.chunk.event),p=d(()=>t.chunk.event.display),h=d(()=>_=>i(o)(_,i(f)));function u(_){return i(s)?.draggable(_)?m=>i(s).drag(_,m,t.forceDate,t.forceMargin,i(c)):i(s)?.noAction}let v=d(()=>!Jr(i(p))&&!To(i(p))?u(i(f)):void 0);Pu(e,{get chunk(){return t.chunk},get classes(){return i(h)},get styles(){return t.styles},get onpointerdown(){return i(v)},get el(){return r()},set el(m){r(m)},body:(m,g=lt)=>{var b=st(),E=Le(b),L=D=>{var T=st(),O=Le(T);wi(O,()=>i(a),(ne,J)=>{J(ne,{get chunk(){return t.chunk},get axis(){return t.axis},get forceDate(){return t.forceDate},get forceMargin(){return t.forceMargin},children:(se,Ae)=>{var ve=st(),S=Le(ve);jt(S,g),F(se,ve)},$$slots:{default:!0}})}),F(D,T)},k=D=>{var T=st(),O=Le(T);jt(O,g),F(D,T)};yt(E,D=>{i(a)?D(L):D(k,-1)}),F(m,b)},$$slots:{body:!0}}),Se()}var kD=Y("<span><!></span>"),TD=Y('<a role="button" tabindex="0" aria-haspopup="dialog"><!></a>'),CD=Y("<div><time><!></time> <!></div> <div><!></div>",1);$r(["click","keydown","pointerdown"]);var DD=Y('<dialog closedby="closerequest"><header><time></time>  <a role="button" tabindex="0">&times;</a></header> <div></div></dialog>');$r(["click","keydown"]);var SD=Y('<div role="columnheader"><span></span></div>'),RD=Y('<section><header><div role="row"></div></header> <div><div></div> <div><!> <!> <!></div></div> <!></section>');function wc(e,t,r){return e.startEditable??t??e.editable??r}function Bu(e,t,r){return e.durationEditable??t??e.editable??r}var Is=!1;function Vu(e){Is||(Is=!0,window.requestAnimationFrame(()=>{e(),Is=!1}))}function Ql(e,t,r){return ir(t,Ir(r,e))}function Yu(e){return()=>{let{options:{editable:t,eventStartEditable:r,theme:n}}=e;e.iClasses=(o,s)=>{let{display:a}=s;return[...o,To(a)?[n[a]]:!Jr(a)&&wc(s,r,t)?[n.draggable]:[]]}}}function qu(e){return()=>{let{interaction:t,mainEl:r}=e;if(r)return ki(r,"scroll",()=>{t.action.handleScroll(),t.pointer?.handleScroll()})}}var Gu=class{constructor(e){this.#e(e)}#e(e){Gt(Yu(e)),Pt(qu(e))}};function Wu(e,t){De(t,!0);let r=be("state"),n=d(()=>r.events),o=d(()=>r.iEvents),s=d(()=>r.features),a=d(()=>r.view),l=d(()=>r.mainEl),c=d(()=>r.options.dateClick),f=d(()=>r.options.dragConstraint),p=d(()=>r.options.dragScroll),h=d(()=>r.options.editable),u=d(()=>r.options.eventStartEditable),v=d(()=>r.options.eventDragMinDistance),_=d(()=>r.options.eventDragStart),m=d(()=>r.options.eventDragStop),g=d(()=>r.options.eventDrop),b=d(()=>r.options.eventLongPressDelay),E=d(()=>r.options.eventResizeStart),L=d(()=>r.options.eventResizeStop),k=d(()=>r.options.eventResize),D=d(()=>r.options.longPressDelay),T=d(()=>r.options.resizeConstraint),O=d(()=>r.options.selectable),ne=d(()=>r.options.select),J=d(()=>r.options.selectBackgroundColor),se=d(()=>r.options.selectConstraint),Ae=d(()=>r.options.selectLongPressDelay),ve=d(()=>r.options.selectMinDistance),S=d(()=>r.options.unselect),ge=d(()=>r.options.unselectAuto),qe=d(()=>r.options.unselectCancel),Ht=d(()=>r.options.validRange),Lr=1,ye=2,sr=3,ar=4,lr=5,X=6,j,P,y,K,I,z,et,Ne,cr,Pr,Qn,tt,we,Qr,Fr,Rt,At,pn,Er,xe,Rn,G,re,Ee,ee,Oe,Te,rt;function Xt(x){return wc(x,i(u),i(h))}function en(x,C,Q,q,mt){j||(j=Ao(C)?Lr:X,hn()&&(y=x,ei(C,mt),Q&&(z=Q),q&&(Oe=q),pn="dragging",Tr(C)))}function kr(x,C,Q,q,mt,Mi,Xc){if(!j&&(j=Ao(C)?Q?sr:ye:X,hn())){let{zeroDuration:Li}=x;y=x.event,ei(C,Xc),Mi&&(Oe=Mi),pn=q==="x"?"resizingX":"resizingY",Oi()?(xe=H(y.end),At?(Hs(xe,y.start),xe>=y.end&&Sn(xe)):($o(xe,Te),xe<y.start&&(xe=y.start)),z=At?_t(H(y.start)):y.start):(xe=H(y.start),At?(Hs(xe,y.end),xe<=y.start&&!Li&&Mr(xe)):(me(xe,Te),xe>y.end&&(xe=y.end)),At?(z=_t(H(y.end)),!Li&&Qe(z,y.end)&&Sn(z)):(z=y.end,Li||(z=$o(H(z),Te))),Li&&!At&&(rt=Te)),mt&&(z=mt),Tr(C)}}function An(x,C){j||(j=Ao(x)?i(O)&&!i(s).includes("list")?ar:lr:X,hn()&&(ei(x,C),pn="selecting",Rn=At?Ye({day:1}):Te,y={allDay:At,start:z,end:me(H(z),Rn),resourceIds:Ne?[Ne.id]:[]},Tr(x)))}function So(){j||(j=X)}function ei(x,C){window.getSelection().removeAllRanges(),Pr=tt=x.clientX,Qn=we=x.clientY,Te=C?.duration;let Q=Zn(tt,we);({allDay:At,date:z,resource:Ne}=Kr(Q)(tt,we)),Fr=i(l)!==Yl(Q,3),Qr=Yl(Q,1),ea(),x.pointerType!=="mouse"&&(Ee=setTimeout(()=>{j&&(P=!0,Tr(x))},(rn()?i(Ae):i(b))??i(D)))}function Tr(x){if(P||x&&x.pointerType==="mouse"&&Bc()>=(rn()?i(ve):i(v))){P=!0,Ii(x),K||(rn()?zc():Hc(x,Nn()?i(E):i(_)));let C=ti(Fc());if(C){let Q;if({allDay:Q,date:et,resource:cr}=C,Q===At){let q=Ni({},K),mt=i(T);Rt=Ye((et-z)/1e3),Oi()?(q.start=me(H(y.start),Rt),q.start>xe&&(q.start=xe,Rt=Ye((xe-y.start)/1e3))):(q.end=me(H(y.end),Rt),rt&&me(q.end,rt),Nn()?q.end<xe&&(q.end=xe,Rt=Ye((xe-y.end)/1e3)):rn()?(q.end<y.end?(q.start=$o(q.end,Rn),q.end=y.end):q.start=y.start,mt=i(se)):(q.start=me(H(y.start),Rt),Ne&&(q.resourceIds=y.resourceIds.filter(Mi=>Mi!==Ne.id),q.resourceIds.push(cr.id)),mt=i(f))),Er=!1,mt!==void 0&&(q=Ni(Ns(y),q),Er=mt(rn()?ra(q,x):na(q,y,x))===!1),Er||Uc(q)}}r.iClass=Er?"notAllowed":pn}if(i(p)){let C=24,Q=24;Vu(()=>{ee&&(Fr||(we<ee.top+C&&(i(l).scrollTop+=ir(-8,(we-ee.top-C)/3)),we>ee.bottom-C&&(i(l).scrollTop+=Ir(8,(we-ee.bottom+C)/3))),tt<ee.left+Q&&(i(l).scrollLeft+=ir(-8,(tt-ee.left-Q)/3)),tt>ee.right-Q&&(i(l).scrollLeft+=Ir(8,(tt-ee.right+Q)/3)),we<C&&window.scrollBy(0,ir(-8,(we-C)/3)),we>window.innerHeight-C&&window.scrollBy(0,Ir(8,(we-window.innerHeight+C)/3)))})}}function tn(){hn()&&(ea(),Tr())}function Ri(x){hn()&&x.isPrimary&&(tt=x.clientX,we=x.clientY,Tr(x))}function Ai(x){if(G&&i(ge)&&!(i(qe)&&x.target.closest(i(qe)))&&Ii(x),j&&x.isPrimary){if(P)if(rn()){if(Er)Ro();else if(G=!0,fe(i(ne))){let C=ra(K,x);i(ne)(C)}}else{y.display=I;let C=Nn()?i(L):i(m);fe(C)&&C({event:gt(y),jsEvent:x,view:wt(i(a))});let Q=Ns(y);if(ta(y,Er?Q:K),Ro(),C=Nn()?i(k):i(g),!Er&&fe(C)){let q=y,mt=na(y,Q,x);C($e(mt,{revert(){ta(q,Q)}}))}}else if((Vc()||rn())&&fe(i(c))&&!re){tt=x.clientX,we=x.clientY;let C=Zn(tt,we);if(C){let{allDay:Q,date:q,resource:mt}=Kr(C)(tt,we);i(c)({allDay:Q,date:Re(q),dateStr:xr(q),dayEl:C,jsEvent:x,view:wt(i(a)),resource:mt})}}Qs()}re=!1}function Qs(){P=Er=!1,j=Pr=Qn=tt=we=y=I=z=et=Ne=cr=Rt=rt=At=xe=Rn=Oe=Qr=ee=Te=void 0,r.iClass=void 0,Ee&&(clearTimeout(Ee),Ee=void 0)}function Fc(){return Zn(Ql(tt,ee.left,ee.right),Ql(we,ee.top,ee.bottom))}function ti(x){if(x){let C=Kr(x)(tt,we);if(C.disabled){if(!i(Ht).end||C.date<i(Ht).end)return ti(x.nextElementSibling);if(!i(Ht).start||C.date>i(Ht).start)return ti(x.previousElementSibling)}else return(rn()||Nn())&&C.resource&&!K.resourceIds.includes(C.resource.id)&&!i(s).includes("timeline")?tt>Pr?ti(x.previousElementSibling):ti(x.nextElementSibling):C}return null}function ea(){let x=wo(i(l)),C=wo(Qr),Q=x.width/i(l).offsetWidth,q=x.height/i(l).offsetHeight,mt=Ti();ee={left:ir(0,mt?x.right-i(l).clientWidth*Q:C.left+i(l).scrollLeft*Q),right:Ir(document.documentElement.clientWidth,mt?C.right+i(l).scrollLeft*Q:x.left+i(l).clientWidth*Q)-2,top:ir(0,C.top+(Fr?0:i(l).scrollTop)*q),bottom:Ir(document.documentElement.clientHeight,Fr?C.bottom:x.top+i(l).clientHeight*q)-2}}function Hc(x,C){fe(C)&&C({event:gt(y),jsEvent:x,view:wt(i(a))}),I=y.display,y.display="preview",K=Ns(y),Oe!==void 0&&(K._margin=Oe),rt&&me(K.end,rt),y.display="ghost",i(n).length=i(n).length}function zc(){K={id:"{select}",allDay:y.allDay,start:y.start,title:"",display:"preview",extendedProps:{},backgroundColor:i(J),resourceIds:y.resourceIds,classNames:[],styles:[]}}function Ro(){K=void 0,i(o).delete("action")}function Ni(x,C){return x.start=C.start,x.end=C.end,x.resourceIds=C.resourceIds,{...x}}function ta(x,C){Ni(x,C),i(n).length=i(n).length}function Uc(x){K=Ni(K,x),i(o).set("action",K)}function ra(x,C){let{start:Q,end:q}=gt(x);return{start:Q,end:q,startStr:xr(x.start),endStr:xr(x.end),allDay:At,view:wt(i(a)),resource:Ne,jsEvent:C}}function na(x,C,Q){let q;return Nn()?q=Oi()?{startDelta:Rt,endDelta:Ye(0)}:{startDelta:Ye(0),endDelta:Rt}:q={delta:Rt,oldResource:Ne!==cr?Ne:void 0,newResource:Ne!==cr?cr:void 0},$e(q,{event:gt(x),oldEvent:gt(C),view:wt(i(a)),jsEvent:Q}),q}function Bc(){return Math.sqrt(Math.pow(tt-Pr,2)+Math.pow(we-Qn,2))}function Nn(){return j===ye||Oi()}function Oi(){return j===sr}function Vc(){return j===lr}function rn(){return j===ar}function hn(){return j&&j<lr}function Ao(x){return x.isPrimary&&(x.pointerType!=="mouse"||x.buttons&1)}function Ii(x){G&&(G=!1,Ro(),fe(i(S))&&i(S)({jsEvent:x,view:wt(i(a))}))}Gt(()=>{i(a),Ii()});function Yc(){re=!0}function qc(x){if(hn()){let C=x.target,Q=[],q=()=>Tf(Q);Q.push(ki(C,"touchmove",No(()=>P))),Q.push(ki(C,"touchend",q)),Q.push(ki(C,"touchcancel",q))}}function No(x){return C=>{x()&&C.preventDefault()}}xi(()=>ki(window,"touchmove",Cf,{passive:!1}));var Gc={draggable:Xt,drag:en,resize:kr,select:An,noAction:So,handleScroll:tn,unselect:Ii,noClick:Yc};Wt("pointermove",qt,Ri),Wt("pointerup",qt,Ai),Wt("pointercancel",qt,Qs),Wt("scroll",qt,tn);var Wc=d(()=>No(hn));Wt("selectstart",qt,function(...x){i(Wc)?.apply(this,x)});var jc=d(()=>No(()=>Ee));return Wt("contextmenu",qt,function(...x){i(jc)?.apply(this,x)}),Wt("touchstart",qt,qc,void 0,!0),Se(Gc)}function ju(e,t){De(t,!0);let r=d(()=>be("state")),n=d(()=>i(r).iEvents),o=d(()=>i(r).options.slotDuration),s=0,a=0,l;function c(){let m=Zn(s,a);if(m&&!i(n).has("action")){let{allDay:g,date:b,resource:E,disabled:L}=Kr(m)(s,a);if(!L){l||h(),l.allDay=g,l.start=b,l.end=me(H(b),i(o)),l.resourceIds=E?[E.id]:[],i(n).set("pointer",{...l});return}}u()}function f(){c()}function p(m){v(m)&&(s=m.clientX,a=m.clientY,c())}function h(){l={id:"{pointer}",title:"",display:"pointer",extendedProps:{},backgroundColor:"transparent",classNames:[],styles:[]}}function u(){l=void 0,i(n).delete("pointer")}function v(m){return m.isPrimary&&m.pointerType==="mouse"}var _={handleScroll:f};return Wt("pointermove",qt,p),Wt("scroll",qt,f),Se(_)}var ec=Y("<div></div>"),Xu=Y("<!> <!> <!>",1);function Ku(e,t){De(t,!0);let r=oe(t,"forceDate",3,void 0),n=oe(t,"forceMargin",3,void 0),o=d(()=>be("state")),s=d(()=>i(o).interaction.action),a=d(()=>i(o).options.editable),l=d(()=>i(o).options.eventDurationEditable),c=d(()=>i(o).options.eventResizableFromStart),f=d(()=>i(o).options.theme),p=d(()=>be("view-state")),h=d(()=>i(p).snap),u=d(()=>t.chunk.event),v=d(()=>t.chunk.event.display),_=d(()=>!Jr(i(v))&&!To(i(v))&&Bu(i(u),i(l),i(a)));function m(T){return O=>i(s).resize(t.chunk,O,T,t.axis,r(),n(),i(h))}var g=Xu(),b=Le(g),E=T=>{var O=ec(),ne=d(()=>m(!0));ie(()=>Z(O,1,`${i(f).resizer??""} ${i(f).start??""}`)),Dt("pointerdown",O,function(...J){i(ne)?.apply(this,J)}),F(T,O)};yt(b,T=>{i(_)&&i(c)&&T(E)});var L=Je(b,2);jt(L,()=>t.children);var k=Je(L,2),D=T=>{var O=ec(),ne=d(()=>m(!1));ie(()=>Z(O,1,i(f).resizer)),Dt("pointerdown",O,function(...J){i(ne)?.apply(this,J)}),F(T,O)};yt(k,T=>{i(_)&&T(D)}),F(e,g),Se()}$r(["pointerdown"]);var Zu=Y("<!> <!>",1);function Ju(e,t){De(t,!0);let r=be("state");new Gu(r);let n=d(()=>r.interaction),o=d(()=>r.options.pointer);i(n).resizer=Ku;var s=Zu(),a=Le(s);jr(Wu(a,{}),f=>i(n).action=f,()=>i(n)?.action);var l=Je(a,2),c=f=>{jr(ju(f,{}),p=>i(n).pointer=p,()=>i(n)?.pointer)};yt(l,f=>{i(o)&&f(c)}),F(e,s),Se()}var xc={createOptions(e){$e(e,{dateClick:void 0,dragConstraint:void 0,dragScroll:!0,editable:!1,eventDragMinDistance:5,eventDragStart:void 0,eventDragStop:void 0,eventDrop:void 0,eventDurationEditable:!0,eventLongPressDelay:void 0,eventResizableFromStart:!1,eventResizeStart:void 0,eventResizeStop:void 0,eventResize:void 0,eventStartEditable:!0,longPressDelay:1e3,pointer:!1,resizeConstraint:void 0,select:void 0,selectBackgroundColor:void 0,selectConstraint:void 0,selectLongPressDelay:void 0,selectMinDistance:5,snapDuration:void 0,unselect:void 0,unselectAuto:!0,unselectCancel:""}),$e(e.theme,{draggable:"ec-draggable",ghost:"ec-ghost",preview:"ec-preview",pointer:"ec-pointer",resizer:"ec-resizer",start:"ec-start",dragging:"ec-dragging",resizingY:"ec-resizing-y",resizingX:"ec-resizing-x",selecting:"ec-selecting",notAllowed:"ec-not-allowed"})},initState(e){e.auxComponents.push(Ju)}};var AD=Y("<div></div> <!>",1);var ND=Y("<h4><time><!></time> <time></time></h4> <!>",1);var OD=Y("<div><!></div>"),ID=Y("<section><!></section>");$r(["click"]);function Ys(e,t,r=!0){let n=[];for(let{gridColumn:o,gridRow:s,resource:a,start:l,end:c,disabled:f}of t)if(!f&&Di(e,l,c,a)){let p=Xs(e,l,c);$e(p,{gridColumn:o,gridRow:s,resource:a,top:(p.start-l)/1e3,height:(p.end-p.start)/1e3,maxHeight:(c-p.start)/1e3}),r&&Ks(p),n.push(p)}return n}function Qu(e){let t={};for(let r of e){let{gridColumn:n}=r,o=t[n],s=0;if(o&&r.start<o.end){for(;s<o.columns.length&&!(o.columns[s].at(-1).end<=r.start);++s);r.end>o.end&&(o.end=r.end)}else o={columns:[],end:r.end};o.columns.length<s+1&&o.columns.push([]),o.columns[s].push(r),t[n]=o,r.group=o,r.groupColumn=s}}function ep(e){e.extensions.activeRange=(t,r)=>{let{options:{slotMaxTime:n}}=e;if(n.days||n.seconds>86400){me(Sn(r),n);let o=Sn(H(r));o<t&&(t=o)}return{start:t,end:r}}}function tp(e){"scrollTime"in e||($e(e,{columnWidth:void 0,flexibleSlotTimeLimits:!1,nowIndicator:!1,scrollTime:"06:00:00",slotDuration:"00:30:00",slotHeight:24,slotLabelInterval:void 0,slotLabelFormat:{hour:"numeric",minute:"2-digit"},slotMaxTime:"24:00:00",slotMinTime:"00:00:00",snapDuration:void 0}),$e(e.theme,{nowIndicator:"ec-now-indicator",sidebar:"ec-sidebar",slot:"ec-slot"}))}function rp(e){"scrollTime"in e||$e(e,{scrollTime:Ye,slotDuration:Ye,slotLabelInterval:Ps(Ye),slotMaxTime:Ye,slotMinTime:Ye,snapDuration:Ps(Ye)})}function np(e){"resourceLabelContent"in e||(e.filterResourcesWithEvents=!1,e.resourceLabelContent=void 0,e.resourceLabelDidMount=void 0,e.theme.colGroup="ec-col-group")}function ip(e,t){return()=>{let{viewDates:r,options:{highlightedDates:n,validRange:o}}=e,{slotTimeLimits:s}=t,a=[];return N(()=>{let l=1;for(let c of r)a.push({gridColumn:l,gridRow:1,resource:void 0,start:me(H(c),s.min),end:me(H(c),s.max),dayStart:c,dayEnd:Mr(H(c)),disabled:Do(c,o),highlight:n.some(f=>Qe(f,c))}),++l}),[a]}}function op(e,t){return()=>{let{filteredEvents:r}=e,{grid:n}=t,o=[],s=[],a=[],l=[];return N(()=>{for(let c of r)for(let f of n)Jr(c.display)?(s=s.concat(Ys(c,f)),c.allDay&&(l=l.concat(Us(c,f)))):c.allDay?a=a.concat(Us(c,f)):o=o.concat(Ys(c,f));Qu(o),Gf(a)}),{chunks:o,bgChunks:s,allDayChunks:a,allDayBgChunks:l}}}function sp(e,t){return()=>{let{iEvents:r}=e,{grid:n}=t,o=[],s=[];for(let[,a]of r)a&&N(()=>{for(let l of n)a.allDay?s=s.concat(Us(a,l,!1)):o=o.concat(Ys(a,l,!1))});return{iChunks:o,allDayIChunks:s}}}function ap(e){return()=>{let{filteredEvents:t,viewDates:r,options:{flexibleSlotTimeLimits:n,slotMinTime:o,slotMaxTime:s}}=e,a;return N(()=>{a=$c(o,s,n,r,t)}),a}}function lp(e){return()=>{let{options:{slotDuration:t,slotLabelInterval:r}}=e,n;return N(()=>{n=r===void 0?de(t)<3600?2:1:xf(de(r)/de(t))||1}),n}}function cp(e,t){return()=>{let{offset:r,options:{slotDuration:n}}=e,{intlSlotLabel:o,slotLabelPeriodicity:s,slotTimeLimits:a}=t,l;return N(()=>{l=mc(_t(or(void 0,r)),n,s,a,o)}),l}}function dp(e){return()=>{let{options:{slotDuration:t,snapDuration:r}}=e;return r??=t,{duration:r,ratio:de(r)/de(t)}}}function Js(){return class{#e;get intlSlotLabel(){return i(this.#e)}set intlSlotLabel(e){w(this.#e,e)}#r;get slotLabelPeriodicity(){return i(this.#r)}set slotLabelPeriodicity(e){w(this.#r,e)}#t;get sidebarWidth(){return i(this.#t)}set sidebarWidth(e){w(this.#t,e,!0)}#n;get snap(){return i(this.#n)}set snap(e){w(this.#n,e)}constructor(e){this.#e=d(Eo(e,"slotLabelFormat")),this.#r=d(lp(e)),this.#t=V(0),this.#n=d(dp(e))}}}function Ec(e){return class extends e{#e;get slotTimeLimits(){return i(this.#e)}set slotTimeLimits(t){w(this.#e,t)}#r;get slots(){return i(this.#r)}set slots(t){w(this.#r,t)}#t;get chunks(){return i(this.#t)}set chunks(t){w(this.#t,t)}#n;get bgChunks(){return i(this.#n)}set bgChunks(t){w(this.#n,t)}#i;get allDayChunks(){return i(this.#i)}set allDayChunks(t){w(this.#i,t)}#o;get allDayBgChunks(){return i(this.#o)}set allDayBgChunks(t){w(this.#o,t)}#a;get iChunks(){return i(this.#a)}set iChunks(t){w(this.#a,t)}#s;get allDayIChunks(){return i(this.#s)}set allDayIChunks(t){w(this.#s,t)}constructor(t){super(t),this.#e=d(ap(t)),this.#r=d(cp(t,this));let r=d(op(t,this)),n=d(()=>i(r).chunks),o=d(()=>i(r).bgChunks),s=d(()=>i(r).allDayChunks),a=d(()=>i(r).allDayBgChunks);this.#t=d(()=>i(n)),this.#n=d(()=>i(o)),this.#i=d(()=>i(s)),this.#o=d(()=>i(a));let l=d(sp(t,this)),c=d(()=>i(l).iChunks),f=d(()=>i(l).allDayIChunks);this.#a=d(()=>i(c)),this.#s=d(()=>i(f))}}}var MD=class extends Ec(Js()){#e;get grid(){return i(this.#e)}set grid(e){w(this.#e,e)}constructor(e){super(e),this.#e=d(ip(e,this))}},fp;function up(e){return()=>{let{activeRange:t,filteredEvents:r,resources:n,options:{filterResourcesWithEvents:o},extensions:{viewResources:s}}=e,a=s?s(n):n;return N(()=>{o&&(a=n.filter(l=>r.some(c=>!Jr(c.display)&&Di(c,t.start,t.end,l)))),a.length||(a=fp??=Zs([{}]))}),a}}function pp(e,t){return()=>{let{viewDates:r,options:{datesAboveResources:n,highlightedDates:o,validRange:s}}=e,{slotTimeLimits:a,viewResources:l}=t,c=[];return N(()=>{let f=1,p=[l,r],h=[Gs,Zr];n&&(p.reverse(),h.reverse());for(let u of p[0]){let v=[],_=h[0](u);for(let m of p[1]){let g=n?u:m,b=n?m:u;v.push({gridColumn:f,gridRow:1,resource:b,key:h[1](m),groupKey:_,start:me(H(g),a.min),end:me(H(g),a.max),dayStart:g,dayEnd:Mr(H(g)),disabled:Do(g,s),highlight:o.some(E=>Qe(E,g))}),++f}c.push(v)}}),c}}function kc(e){return class extends e{#e;get viewResources(){return i(this.#e)}set viewResources(t){w(this.#e,t)}constructor(t){super(t),this.#e=d(up(t))}}}var LD=class extends kc(Ec(Js())){#e;get grid(){return i(this.#e)}set grid(e){w(this.#e,e)}constructor(e){super(e),this.#e=d(pp(e,this))}},hp=Y("<span><!></span>");function vp(e,t){De(t,!0);let r=oe(t,"date",3,void 0),n=oe(t,"setLabel",3,void 0),o=d(()=>be("state")),s=d(()=>i(o).intlDayHeaderAL),a=d(()=>i(o).snippets),l=d(()=>i(o).options.resourceLabelContent),c=d(()=>i(o).options.resourceLabelDidMount),f=V(void 0),p=d(()=>Si(i(l),()=>({resource:t.resource,date:r()?Re(r()):void 0}),()=>t.resource.title,i(a).resourceLabelContent)),h=V(void 0);Pt(()=>{i(p),t.resource,r(),N(()=>{r()?Ar().then(()=>i(f)&&w(h,i(s).format(r())+", "+i(f).innerText)):n()&&(w(h,void 0),Ar().then(()=>i(f)&&n()(i(f).innerText)))})}),xi(()=>{fe(i(c))&&i(c)({resource:t.resource,date:r()?Re(r()):void 0,el:i(f)})});var u=hp(),v=Be(u);jt(v,()=>i(p).snippet??lt,()=>i(p).arg),_e(u),jr(u,_=>w(f,_),()=>i(f)),vt(u,()=>wr(i(p).content,i(p).snippet)),ie(()=>Pe(u,"aria-label",i(h))),F(e,u),Se()}var PD=Y("<div></div>");var FD=Y('<div><aside><!></aside> <div role="row"></div> <div><!> <!> <!></div></div>'),HD=Y("<div><time></time></div>"),zD=Y('<section><header><aside></aside> <div role="row"><!></div> <!></header> <div role="rowgroup"><aside aria-hidden="true"></aside> <div role="row"></div> <div><!> <!> <!></div></div> <!></section>');var UD=Y("<!> <!>",1);function gp(e,t){let r=0,n=t.length;for(;r<n;){let o=r+n>>1;t[o].dayEnd>e.start?n=o:r=o+1}for(;r>0&&t[r-1].end>e.start;)--r;return r}function Tc(e,t,r,n=!0){let o=[],s,a,l,c,f,p,h=0;for(let u=gp(e,t);u<t.length;++u){let{gridColumn:v,gridRow:_,resource:m,dayStart:g,dayEnd:b,start:E,end:L,disabled:k}=t[u];if(g>=e.end)break;k||(r?Di(e,g,b,m)&&(o.length||(s=g,l=v,c=_,f=m),o.push(g),a=b):Di(e,E,L,m)&&(o.length||(s=E,l=v,c=_,f=m,p=ir(e.start-E,0)/1e3),o.push(g),a=L,h+=(Ir(L,e.end)-ir(E,e.start))/1e3))}if(o.length){let u=Xs(e,s,a);return $e(u,{gridColumn:l,gridRow:c,resource:f,dates:o,left:p,width:h}),n&&Ks(u),u}return null}function Cc(e,t){let r=t[0]?.resource;return!r||e.resourceIds.includes(r.id)}function _p(e,t){let r={};for(let n=0;n<e.length;++n){let o=e[n],{gridColumn:s,gridRow:a}=o;o.order=n;let l=[];for(let c=0;c<o.dates.length;++c){let f=`${a}_${s+c}`,p=r[f]??={pass:0,placed:[],chunks:[]};p.chunks.push(o),l.push(p)}o.cells=l}if(t){let n={};for(let o of e){let{gridColumn:s,gridRow:a}=o,l=new Set([o]),c=[];for(let p=0;p<o.dates.length;++p)for(let h of r[`${a}_${s+p}`].chunks)l.has(h)||(l.add(h),c.push(h));o.rivals=c;let{layoutGroup:f}=o.event;f!==void 0&&(o.mates=n[`${a}_${f}`]??=[],o.mates.push(o))}}}function mp(e,t,r,n){for(let o of e.rivals)if(o.order<e.order&&"top"in o&&t<o.bottom+n&&t+r+n>o.top)return!1;return!0}function tc(e,t){return e.pass!==t&&(e.pass=t,e.placed=[]),e.placed}function $p(e,t,r,n=1,o=!1,s=0){let a=1,l=a+t;if(o){let c=e.mates?.[0];for(let{rivals:f}of c===e?e.mates:[e])for(let p of f)p.order<e.order&&"top"in p&&p.bottom+n>a&&(a=p.bottom+n);if(l=a+t,c&&c!==e){let f=c.top;f>a&&mp(e,f,t,n)&&(a=f,l=a+t)}}else for(let c of tc(e.cells[0],s)){if(c.top>=l)break;if((r||e.start<c.end&&e.end>c.start)&&a<c.bottom){let f=c.bottom-a+n;a+=f,l+=f}}if($e(e,{top:a,bottom:l}),!o)for(let c of e.cells){let f=tc(c,s),p=0,h=f.length;for(;p<h;){let u=p+h>>1;f[u].top<=a?p=u+1:h=u}f.splice(p,0,e)}return a}function bp(e,t){return e[Zr(t)]??{min:Ye(0),max:Ye("24:00:00")}}function yp(e,t){return()=>{let{viewDates:r,options:{highlightedDates:n,validRange:o}}=e,{dayTimeLimits:s,viewResources:a}=t,l=[];return N(()=>{let c=1;for(let f of a){let p=[],h=1;for(let u of r){let v=s[Zr(u)];p.push({gridColumn:h,gridRow:c,resource:f,start:me(H(u),v.min),end:me(H(u),v.max),dayStart:u,dayEnd:Mr(H(u)),disabled:Do(u,o),highlight:n.some(_=>Qe(_,u))}),++h}l.push(p),++c}}),l}}function wp(e){return e.months===1&&!e.years&&!e.days&&!e.seconds}function xp(e){return e.inWeeks&&e.days===7&&!e.years&&!e.months&&!e.seconds}function Ep(e,t){return()=>{let{features:r,options:{duration:n,firstDay:o,weekNumbers:s}}=e,{grid:a}=t,l=[],c=[];return N(()=>{let f,p;if(!Dn(a)){for(let{dayStart:h,gridColumn:u}of a[0])if(r.includes("month")&&(f&&f.date.getUTCMonth()===h.getUTCMonth()?++f.span:(f={date:h,gridColumn:u,span:1},l.push(f))),s){let v=Rf(h,o);p&&p.number===v?++p.span:(p={number:v,date:h,gridColumn:u,span:1},c.push(p))}}Xr(l)===1&&wp(n)&&(l=[]),Xr(c)===1&&xp(n)&&(c=[])}),{months:l,weeks:c}}}function kp(e,t){return()=>{let{filteredEvents:r,options:{eventOrderStrict:n}}=e,{grid:o,monthView:s}=t,a=[],l=[];return N(()=>{for(let c of r){let f=Jr(c.display);if(f&&s&&!c.allDay)continue;let p=f?l:a;for(let h of o){if(!Cc(c,h))continue;let u=Tc(c,h,s);u&&p.push(u)}}_p(a,n)}),{chunks:a,bgChunks:l}}}function Tp(e,t){return()=>{let{iEvents:r}=e,{grid:n,monthView:o}=t,s=[];for(let[,a]of r)a&&N(()=>{for(let l of n){if(!Cc(a,l))continue;let c=Tc(a,l,o,!1);c&&s.push(c)}});return s}}function Cp(e){return()=>{let{filteredEvents:t,viewDates:r,options:{flexibleSlotTimeLimits:n,slotMinTime:o,slotMaxTime:s}}=e,a={};return N(()=>{for(let l of r)a[Zr(l)]=$c(o,s,n,[l],t)}),a}}function Dp(e,t){return()=>{let{viewDates:r,options:{slotDuration:n}}=e,{dayTimeLimits:o,intlSlotLabel:s,slotLabelPeriodicity:a}=t,l={};return N(()=>{for(let c of r){let f=Zr(c);l[f]=f in o?mc(c,n,a,o[f],s):[]}}),l}}function Sp(e){return()=>{let{resources:t}=e,r;return N(()=>{r=t.some(n=>Kr(n).children.length)}),r}}function Rp(e){return()=>{let{options:{slotDuration:t}}=e,r;return N(()=>{r=!de(t)}),r}}var Ap=class extends kc(Js()){#e;get dayTimeLimits(){return i(this.#e)}set dayTimeLimits(e){w(this.#e,e)}#r;get daySlots(){return i(this.#r)}set daySlots(e){w(this.#r,e)}#t;get grid(){return i(this.#t)}set grid(e){w(this.#t,e)}#n;get extraHeads(){return i(this.#n)}set extraHeads(e){w(this.#n,e)}#i;get intlMonthHeader(){return i(this.#i)}set intlMonthHeader(e){w(this.#i,e)}#o;get monthView(){return i(this.#o)}set monthView(e){w(this.#o,e)}#a;get chunks(){return i(this.#a)}set chunks(e){w(this.#a,e)}#s;get bgChunks(){return i(this.#s)}set bgChunks(e){w(this.#s,e)}#l;get iChunks(){return i(this.#l)}set iChunks(e){w(this.#l,e)}#c;get nestedResources(){return i(this.#c)}set nestedResources(e){w(this.#c,e)}constructor(e){super(e),this.#e=d(Cp(e)),this.#r=d(Dp(e,this)),this.#t=d(yp(e,this)),this.#n=d(Ep(e,this)),this.#i=d(Eo(e,"monthHeaderFormat")),this.#o=d(Rp(e));let t=d(kp(e,this)),r=d(()=>i(t).chunks),n=d(()=>i(t).bgChunks);this.#a=d(()=>i(r)),this.#s=d(()=>i(n)),this.#l=d(Tp(e,this)),this.#c=d(Sp(e))}};function Np(e,t){De(t,!0);let r=d(()=>be("state")),n=d(()=>i(r).options.slotWidth),o=d(()=>be("view-state")),s=d(()=>i(o).monthView),a=d(()=>i(o).snap),l=d(()=>t.day.dayStart),c=d(()=>t.day.start),f=d(()=>t.day.resource),p=d(()=>t.day.disabled),h=d(()=>t.day.highlight),u=V(void 0);function v(_,m){if(i(s))return i(l);{let g=wo(i(u)),b=g.width/i(u).offsetWidth;return me(H(i(c)),i(a).duration,ic((Ti()?g.right-_:_-g.left)/(i(n)*i(a).ratio*b)))}}Iu(e,{get allDay(){return i(s)},get date(){return i(l)},get resource(){return i(f)},dateFromPoint:v,get disabled(){return i(p)},get highlight(){return i(h)},get noIeb(){return t.noIeb},get noBeb(){return t.noBeb},get el(){return i(u)},set el(_){w(u,_,!0)}}),Se()}function Ms(e,t){De(t,!0);let r=d(()=>be("state")),n=d(()=>i(r).options.eventGap),o=d(()=>i(r).options.eventOrderStrict),s=d(()=>i(r).options.slotDuration),a=d(()=>i(r).options.slotWidth),l=d(()=>be("view-state")),c=d(()=>i(l).monthView),f=V(void 0),p=V(1),h=d(()=>t.chunk.event),u=d(()=>m=>{m["grid-column"]=`${t.chunk.gridColumn} / span ${t.chunk.dates.length}`,m["grid-row"]=t.chunk.gridRow,i(c)||(m["inset-inline-start"]=`${t.chunk.left/de(i(s))*i(a)}px`,m["inline-size"]=`${t.chunk.width/de(i(s))*i(a)}px`);let g=i(p);if(i(h)._margin){let[b,E]=i(h)._margin;t.chunk.gridRow===E&&(g=b)}return m["margin-block-start"]=`${g}px`,m});function v(m){w(p,$p(t.chunk,Mf(i(f)),i(c),i(n),i(o),m),!0)}var _={reposition:v};{let m=d(()=>[i(p),t.chunk.gridRow]);Uu(e,{get chunk(){return t.chunk},get styles(){return i(u)},axis:"x",get forceMargin(){return i(m)},get el(){return i(f)},set el(g){w(f,g,!0)}})}return Se(_)}var Op=Y("<span></span>"),Ip=Y("<button></button>"),Mp=Y("<!> <span><!></span>",1);function Lp(e,t){De(t,!0);let r=oe(t,"resource",7),n=d(()=>be("state")),o=d(()=>i(n).resources),s=d(()=>i(n).view),a=d(()=>i(n).options.buttonText),l=d(()=>i(n).options.icons),c=d(()=>i(n).options.resourceExpand),f=d(()=>i(n).options.theme),p=V({}),h=d(()=>r().expanded),u=d(()=>i(a)[i(h)?"collapse":"expand"]);Gt(()=>{w(p,Kr(r()))});function v(k){r().expanded=w(h,!i(h)),_(i(p).children),i(o).length=i(o).length,fe(i(c))&&i(c)({resource:r(),jsEvent:k,view:wt(i(s))})}function _(k){for(let D of k){let T=Kr(D);T.hidden=!i(h),D.expanded&&_(T.children)}}var m=Mp(),g=Le(m);at(g,17,()=>Array(i(p).level),St,(k,D)=>{var T=Op();ie(()=>Z(T,1,i(f).expander)),F(k,T)});var b=Je(g,2),E=Be(b),L=k=>{var D=Ip();vt(D,()=>wr(i(l)[i(h)?"collapse":"expand"])),ie(()=>{Z(D,1,i(f).button),Pe(D,"aria-label",i(u)),Pe(D,"title",i(u))}),Dt("click",D,v),F(k,D)};yt(E,k=>{i(p).children?.length&&k(L)}),_e(b),ie(()=>Z(b,1,i(f).expander)),F(e,m),Se()}$r(["click"]);var Pp=Y("<div></div>");function Fp(e,t){De(t,!0);let r=d(()=>be("state")),n=d(()=>i(r).mainEl),o=d(()=>i(r).now),s=d(()=>i(r).today),a=d(()=>i(r).options.slotDuration),l=d(()=>i(r).options.slotWidth),c=d(()=>i(r).options.theme),f=d(()=>be("view-state")),p=d(()=>i(f).grid),h=d(()=>i(f).sidebarWidth),u=d(()=>{for(let T of i(p)[0])if(Qe(T.dayStart,i(s)))return T;return{}}),v=d(()=>i(u).gridColumn),_=d(()=>i(u).start),m=d(()=>i(u).end),g=d(()=>{if(i(o)<i(_)||i(o)>i(m))return null;let T=de(i(a));return(i(o)-i(_))/1e3/T*i(l)}),b=d(()=>({root:i(n),rootMargin:Ti()?`0px -${i(h)+1}px 0px 0px`:`0px 0px 0px -${i(h)+1}px`,threshold:0}));function E(T,O){T.classList.toggle(i(c).hidden,!O.isIntersecting)}var L=st(),k=Le(L),D=T=>{var O=Pp();let ne;vt(O,()=>yf(E,i(b))),ie(()=>{Z(O,1,i(c).nowIndicator),ne=Wr(O,"",ne,{"grid-column":i(v)+1,"grid-row":`2 / span ${i(p).length??""}`,"inset-inline-start":`${i(g)??""}px`})}),F(T,O)};yt(k,T=>{i(v)&&i(g)!==null&&T(D)}),F(e,L),Se()}var Hp=Y("<time></time>"),zp=Y("<span><!></span>"),Up=Y("<div><time></time></div>"),Bp=Y('<div role="rowheader"><!> <!></div>'),Vp=Y('<section><header><aside></aside> <div role="row"><!> <!> <!> <!></div></header> <div role="rowgroup"><aside></aside> <div role="row"></div> <div><!> <!> <!></div></div> <!></section>');function Yp(e,t){De(t,!0);let r=be("state"),n=new Ap(r);Xi("view-state",n);let o=d(()=>r.mainEl),s=d(()=>r.scrollDate),a=d(()=>r.snippets),l=d(()=>r.today),c=d(()=>r.viewDates),f=d(()=>r.options.columnWidth),p=d(()=>r.options.eventGap),h=d(()=>r.options.nowIndicator),u=d(()=>r.options.scrollTime),v=d(()=>r.options.slotDuration),_=d(()=>r.options.slotHeight),m=d(()=>r.options.slotWidth),g=d(()=>r.options.theme),b=d(()=>r.options.weekNumberContent),E=d(()=>n.chunks),L=d(()=>n.bgChunks),k=d(()=>n.iChunks),D=d(()=>n.daySlots),T=d(()=>n.dayTimeLimits),O=d(()=>n.grid),ne=d(()=>n.extraHeads),J=d(()=>n.intlMonthHeader),se=d(()=>n.monthView),Ae=d(()=>n.nestedResources),ve=d(()=>n.sidebarWidth),S=d(()=>n.slotLabelPeriodicity),ge=d(()=>n.viewResources),qe=V(0),Ht;Pt(()=>{i(u),i(s),Dn(i(c))||Ar().then(Lr)});function Lr(){let P=0,y=i(s)&&i(s)!==Ht?i(s):i(l);Ht=i(s);let K=y<i(c)[0]||y>i(c).at(-1);if(i(se)){if(!K){let I=i(O)[0];for(let z of I)if(z.dayStart>=y){i(o).scrollLeft=(i(o).scrollWidth-i(ve))/Xr(I)*(z.gridColumn-1)*(Ti()?-1:1);break}}}else{for(let I of i(c)){let z=bp(i(T),I);if(K||I>=y){P+=ir(Ir(de(i(u)),de(z.max))-de(z.min),0);break}else P+=de(z.max)-de(z.min)}i(o).scrollLeft=P/de(i(v))*i(m)*(Ti()?-1:1)}}let ye=[];function sr(){Bf(ye,i(E))}Pt(()=>{i(p),sr()});var ar=st(),lr=Le(ar),X=P=>{var y=Vp();let K;var I=Be(y),z=Be(I),et=Je(z,2),Ne=Be(et);at(Ne,17,()=>i(ne).months,St,(G,re)=>{let Ee=()=>i(re).date,ee=()=>i(re).gridColumn,Oe=()=>i(re).span;mo(G,{get className(){return i(g).colGroup},get colIndex(){return ee()},get colSpan(){return Oe()},cssSpan:!0,weekday:!1,children:(Te,rt)=>{var Xt=Hp();vt(Xt,()=>wr(i(J).format(Ee()))),ie(en=>Pe(Xt,"datetime",en),[()=>xr(Ee(),10)]),F(Te,Xt)},$$slots:{default:!0}})});var cr=Je(Ne,2);at(cr,17,()=>i(ne).weeks,St,(G,re)=>{let Ee=()=>i(re).number,ee=()=>i(re).date,Oe=()=>i(re).gridColumn,Te=()=>i(re).span,rt=d(()=>Af(Ee(),ee(),i(b),i(a).weekNumberContent));mo(G,{get className(){return i(g).colGroup},get colIndex(){return Oe()},get colSpan(){return Te()},cssSpan:!0,weekday:!1,children:(Xt,en)=>{var kr=zp(),An=Be(kr);jt(An,()=>i(rt).snippet??lt,()=>i(rt).arg),_e(kr),vt(kr,()=>wr(i(rt).content,i(rt).snippet)),ie(()=>Z(kr,1,i(g).weekNumber)),F(Xt,kr)},$$slots:{default:!0}})});var Pr=Je(cr,2);at(Pr,17,()=>i(O)[0],St,(G,re,Ee)=>{let ee=()=>i(re).dayStart,Oe=()=>i(re).disabled,Te=()=>i(re).highlight;mo(G,{get date(){return ee()},colIndex:1+Ee,get disabled(){return Oe()},get highlight(){return Te()},children:(rt,Xt)=>{zu(rt,{get date(){return ee()}})},$$slots:{default:!0}})});var Qn=Je(Pr,2),tt=G=>{var re=st(),Ee=Le(re);at(Ee,17,()=>i(O)[0],St,(ee,Oe)=>{let Te=()=>i(Oe).dayStart,rt=()=>i(Oe).disabled,Xt=()=>i(Oe).highlight;mo(ee,{get date(){return Te()},get className(){return i(g).slots},get disabled(){return rt()},get highlight(){return Xt()},ariaHidden:!0,children:(en,kr)=>{var An=st(),So=Le(An);at(So,17,()=>i(D)[Zr(Te())],St,(ei,Tr)=>{var tn=Up();let Ri;var Ai=Be(tn);vt(Ai,()=>wr(i(Tr)[1])),_e(tn),ie(()=>{Z(tn,1,i(g).slot),Ri=Wr(tn,"",Ri,{"--ec-slot-label-periodicity":i(Tr)[2]}),Pe(Ai,"datetime",i(Tr)[0])}),F(ei,tn)}),F(en,An)},$$slots:{default:!0}})}),F(G,re)};yt(Qn,G=>{i(se)||G(tt)}),_e(et),_e(I);var we=Je(I,2),Qr=Be(we);at(Qr,21,()=>i(ge),G=>Gs(G),(G,re)=>{var Ee=Bp(),ee=Be(Ee),Oe=Te=>{Lp(Te,{get resource(){return i(re)}})};yt(ee,Te=>{i(Ae)&&Te(Oe)}),vp(Je(ee,2),{get resource(){return i(re)}}),_e(Ee),ie(()=>Z(Ee,1,i(g).rowHead)),F(G,Ee)}),_e(Qr);var Fr=Je(Qr,2);at(Fr,21,()=>i(O),St,(G,re,Ee)=>{var ee=st(),Oe=Le(ee);at(Oe,17,()=>i(re),St,(Te,rt,Xt)=>{{let en=d(()=>Xt+1===Xr(i(re))),kr=d(()=>Ee+1===Xr(i(O)));Np(Te,{get day(){return i(rt)},get noIeb(){return i(en)},get noBeb(){return i(kr)}})}}),F(G,ee)}),_e(Fr);var Rt=Je(Fr,2),At=Be(Rt);at(At,19,()=>i(E),G=>G.id,(G,re,Ee)=>{jr(Ms(G,{get chunk(){return i(re)}}),(ee,Oe)=>ye[Oe]=ee,ee=>ye?.[ee],()=>[i(Ee)])});var pn=Je(At,2);at(pn,17,()=>i(L),G=>G.id,(G,re)=>{Ms(G,{get chunk(){return i(re)}})});var Er=Je(pn,2);at(Er,17,()=>i(k),St,(G,re)=>{Ms(G,{get chunk(){return i(re)}})}),_e(Rt),_e(we);var xe=Je(we,2),Rn=G=>{Fp(G,{})};yt(xe,G=>{i(h)&&!i(se)&&G(Rn)}),_e(y),jr(y,G=>r.mainEl=G,()=>r?.mainEl),vt(y,()=>bf(sr,!0)),ie((G,re)=>{Z(y,1,i(g).main),K=Wr(y,"",K,{"--ec-grid-cols":G,"--ec-grid-rows":re,"--ec-col-width":i(se)?i(f)??"minmax(4em, 1fr)":"min-content","--ec-slot-label-periodicity":i(S),"--ec-slot-height":`${i(_)??""}px`,"--ec-slot-width":`${i(m)??""}px`,"--ec-header-height":`${i(qe)??""}px`,"--ec-sidebar-width":`${i(ve)??""}px`}),Z(I,1,i(g).header),Z(z,1,i(g).sidebar),Z(et,1,i(g).grid),Z(we,1,i(g).body),Z(Qr,1,i(g).sidebar),Z(Fr,1,i(g).grid),Z(Rt,1,i(g).events)},[()=>Xr(i(O)[0]),()=>`${Xr(i(O))>1?`repeat(${Xr(i(O))-1}, auto)`:""} 1fr`]),ho(z,"offsetWidth",G=>n.sidebarWidth=G),ho(I,"offsetHeight",G=>w(qe,G)),F(P,y)},j=d(()=>!Dn(i(O))&&!Dn(i(O)[0]));yt(lr,P=>{i(j)&&P(X)}),F(e,ar),Se()}var Dc={createOptions(e){tp(e),np(e),Nu(e),$e(e,{monthHeaderFormat:{month:"long"},resourceExpand:void 0,slotWidth:32,view:"resourceTimelineWeek"}),$e(e.buttonText,{expand:"Expand",collapse:"Collapse",resourceTimelineDay:"day",resourceTimelineWeek:"week",resourceTimelineMonth:"month",resourceTimelineYear:"year"}),$e(e.icons,{collapse:{html:"&minus;"},expand:{html:"&plus;"}}),$e(e.theme,{expander:"ec-expander",rowHead:"ec-row-head",slots:"ec-slots"}),$e(e.views,{resourceTimelineDay:{buttonText:jf,component:rc,displayEventEnd:!1,dayHeaderFormat:{weekday:"long"},duration:{days:1},theme:_o("ec-resource ec-timeline ec-day-view"),titleFormat:{year:"numeric",month:"long",day:"numeric"}},resourceTimelineWeek:{buttonText:Xf,component:rc,displayEventEnd:!1,duration:{weeks:1},theme:_o("ec-resource ec-timeline ec-week-view")},resourceTimelineMonth:{buttonText:Kf,component:nc,displayEventEnd:!1,dayHeaderFormat:{weekday:"short",day:"numeric"},duration:{months:1},slotDuration:{days:1},theme:_o("ec-resource ec-timeline ec-month-view"),titleFormat:{year:"numeric",month:"long"}},resourceTimelineYear:{buttonText:Zf,component:nc,displayEventEnd:!1,dayHeaderFormat:{weekday:"short",day:"numeric"},duration:{years:1},slotDuration:{days:1},theme:_o("ec-resource ec-timeline ec-year-view"),titleFormat:{year:"numeric"}}})},createParsers(e){rp(e)}};function rc(e){return ep(e),Sc(e)}function nc(e){return Sc(e,["month"])}function Sc(e,t=[]){return e.features=["timeline",...t],e.extensions.viewResources=r=>r.filter(n=>!Kr(n).hidden),Yp}function Rc(e,t,r){return Kn(Au,{target:e,props:{plugins:t,options:r}})}function Ac(e){return $i(e)}var Nc=`/*!
 * EventCalendar v5.15.0
 * https://github.com/vkurko/calendar
 */
.ec {
    color-scheme: light;

    /* Main colors */
    --ec-color-400: oklch(70.8% 0 0);
    --ec-color-300: oklch(87% 0 0);
    --ec-color-200: oklch(92.2% 0 0);
    --ec-color-100: oklch(97% 0 0);
    --ec-color-50: oklch(98.5% 0 0);

    /* General props */
    --ec-bg-color: #fff;
    --ec-text-color: currentcolor;
    --ec-border-color: var(--ec-color-300);

    /* Buttons */
    --ec-button-bg-color: var(--ec-bg-color);
    --ec-button-border-color: var(--ec-border-color);
    --ec-button-text-color: var(--ec-text-color);
    --ec-button-active-bg-color: var(--ec-color-200);
    --ec-button-active-border-color: var(--ec-color-400);
    --ec-button-active-text-color: var(--ec-button-text-color);

    /* Days */
    --ec-today-bg-color: oklch(98.7% 0.026 102.212);
    --ec-highlight-color: oklch(98.4% 0.019 200.873);

    /* Events */
    --ec-event-bg-color: oklch(70.7% 0.165 254.624);
    --ec-event-text-color: #fff;
    --ec-bg-event-color: var(--ec-color-300);
    --ec-bg-event-opacity: 0.3;
    --ec-event-col-gap: .375rem;

    /* Now Indicator */
    --ec-now-indicator-color: oklch(63.7% 0.237 25.331);

    /* Popup */
    --ec-popup-bg-color: var(--ec-bg-color);

    .ec-dark & {
        color-scheme: dark;
        --ec-color-400: oklch(43.9% 0 0);
        --ec-color-300: oklch(37.1% 0 0);
        --ec-color-200: oklch(26.9% 0 0);
        --ec-color-100: oklch(20.5% 0 0);
        --ec-color-50: oklch(14.5% 0 0);
        --ec-bg-color: var(--ec-color-100);
        --ec-today-bg-color: oklch(28.6% 0.066 53.813);
        --ec-highlight-color: oklch(30.2% 0.056 229.695);
        --ec-bg-event-opacity: 0.5;
    }

    @media (prefers-color-scheme: dark) {
        .ec-auto-dark & {
            color-scheme: dark;
            --ec-color-400: oklch(43.9% 0 0);
            --ec-color-300: oklch(37.1% 0 0);
            --ec-color-200: oklch(26.9% 0 0);
            --ec-color-100: oklch(20.5% 0 0);
            --ec-color-50: oklch(14.5% 0 0);
            --ec-bg-color: var(--ec-color-100);
            --ec-today-bg-color: oklch(28.6% 0.066 53.813);
            --ec-highlight-color: oklch(30.2% 0.056 229.695);
            --ec-bg-event-opacity: 0.5;
        }
    }
}

.ec-day {
    --ec-day-bg-color: var(--ec-bg-color);
    background-color: var(--ec-day-bg-color);
    border: 1px solid var(--ec-border-color);
    border-block-start: none;
    border-inline-start: none;

    &.ec-today {
        --ec-day-bg-color: var(--ec-today-bg-color);
    }

    &.ec-highlight {
        --ec-day-bg-color: var(--ec-highlight-color);
    }

    .ec-time-grid .ec-body & {
        background-image:
                linear-gradient(to top, var(--ec-day-bg-color) 1px, transparent 1px),
                linear-gradient(to top, var(--ec-border-color) 1px, transparent 1px),
                linear-gradient(to right, var(--ec-day-bg-color) 1px, transparent 1px),
                linear-gradient(to top, var(--ec-border-color) 1px, transparent 1px);
        background-size:
                100% 100%,
                100% calc(var(--ec-slot-height) * var(--ec-slot-label-periodicity)),
                2px 100%,
                100% var(--ec-slot-height);
    }

    .ec-timeline:not(.ec-month-view, .ec-year-view) .ec-body & {
        --ec-last-line-color: transparent;
        --ec-direction: to left;
        [dir="rtl"] & {
            --ec-direction: to right;
        }
        background-image:
                linear-gradient(var(--ec-direction), var(--ec-last-line-color) 1px, transparent 1px),
                linear-gradient(var(--ec-direction), var(--ec-border-color) 1px, transparent 1px),
                linear-gradient(var(--ec-day-bg-color) 1px, transparent 1px),
                linear-gradient(var(--ec-direction), var(--ec-border-color) 1px, transparent 1px);
        background-size:
                100% 100%,
                calc(var(--ec-slot-width) * var(--ec-slot-label-periodicity)) 100%,
                100% 2px,
                var(--ec-slot-width) 100%;
        border-inline: none;

        &.ec-no-ieb {
            --ec-last-line-color: var(--ec-day-bg-color);
        }
    }

    .ec-day-grid & {
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        min-block-size: 5em;
    }

    .ec-day-grid .ec-uniform & {
        min-block-size: auto;
    }

    .ec-list & {
        border-inline: none;

        &:last-child {
            border: none;
        }
    }

    &.ec-no-ieb {
        border-inline-end: none;
    }

    &.ec-no-beb {
        border-block-end: none;
    }
}

.ec-day-head {
    display: flex;
    flex-direction: row-reverse;
    justify-content: space-between;

    .ec-day-grid.ec-month-view & {
        padding: .375rem;
    }

    .ec-day.ec-other-month & time {
        opacity: .3;
    }

    .ec-list & {
        background-color: var(--ec-day-bg-color);
        border-block-end: 1px solid var(--ec-border-color);
        flex-direction: unset;
        margin: 0 0 -1px;
        padding: .5em 1.5em;
        position: sticky;
        inset-block-start: 0;
        z-index: 2;
    }
}

.ec-day-foot {
    padding: .18rem;
    font-size: .85em;

    a {
        cursor: pointer;
    }
}

.ec-disabled {
    position: relative;
    &:after {
        content: '';
        position: absolute;
        inset: 0 0 0 0;
        background-color: var(--ec-bg-event-color);
        opacity: var(--ec-bg-event-opacity);
    }
}

/* Toolbar */
.ec-toolbar {
    display: flex;
    justify-content: space-between;
    align-items: center;
    margin-block-end: 1em;

    > * {
        display: inline-flex;
        flex-wrap: wrap;
        column-gap: .75rem;
        row-gap: .5rem;
    }
}

.ec-title {
    margin: 0;
}

.ec-button {
    background-color: var(--ec-button-bg-color);
    border: 1px solid var(--ec-button-border-color);
    padding: .375rem .75rem;
    font-size: 1rem;
    line-height: 1.5;
    border-radius: .25rem;

    &:not(:disabled) {
        color: var(--ec-button-text-color);
        cursor: pointer;
    }

    &:not(:disabled):hover,
    &.ec-active {
        background-color: var(--ec-button-active-bg-color);
        border-color: var(--ec-button-active-border-color);
        color: var(--ec-button-active-text-color);
        z-index: 1;  /* make all borders visible */
    }
}

.ec-button-group {
    display: inline-flex;
    vertical-align: top;

    .ec-button:not(:first-child) {
        border-start-start-radius: 0;
        border-end-start-radius: 0;
        margin-inline-start: -1px;
    }

    .ec-button:not(:last-child) {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
    }
}

.ec-icon {
    display: inline-block;
    inline-size: 1em;

    &.ec-prev:after,
    &.ec-next:after {
        content: '';
        position: relative;
        inline-size: .5em;
        block-size: .5em;
        border-block-start: 2px solid currentcolor;
        border-inline-end: 2px solid currentcolor;
        display: inline-block;
    }

    &.ec-prev:after {
        inset-inline-start: 3px;
        rotate: -135deg;
    }
    [dir="rtl"] &.ec-prev:after {
        rotate: 135deg;
    }

    &.ec-next:after {
        inset-inline-start: -3px;
        rotate: 45deg;
    }
    [dir="rtl"] &.ec-next:after {
        rotate: -45deg;
    }
}

.ec-sidebar {
    position: sticky;
    inset-inline-start: 0;
    z-index: 1;
    background-color: var(--ec-bg-color);
    border-inline-end: 1px solid var(--ec-border-color);
    text-align: end;
    overflow: clip;

    .ec-header & {
        border-block-end: 1px solid var(--ec-border-color);
        padding-block: .375rem;
    }

    .ec-time-grid & {
        padding-inline: .75rem;
    }

    .ec-time-grid .ec-body & {
        --ec-direction: to left;
        [dir="rtl"] & {
            --ec-direction: to right;
        }
        background-image:
                linear-gradient(var(--ec-direction), transparent .375rem, var(--ec-bg-color) .375rem),
                linear-gradient(to top, var(--ec-bg-color) 1px, transparent 1px),
                linear-gradient(to top, var(--ec-border-color) 1px, transparent 1px),
                linear-gradient(to right, var(--ec-bg-color) 1px, transparent 1px),
                linear-gradient(to top, var(--ec-border-color) 1px, transparent 1px);
        background-size:
                100% 100%,
                100% 100%,
                100% calc(var(--ec-slot-height) * var(--ec-slot-label-periodicity)),
                2px 100%,
                100% var(--ec-slot-height);
    }

    .ec-timeline .ec-body & {
        grid-area: 1 / 1 / -1 / 2;
        display: grid;
        grid-template-rows: subgrid;
    }
}

.ec-row-head {
    display: flex;
    border-block-end: 1px solid var(--ec-border-color);
    padding: .375em .75rem;

    > span {
        min-block-size: 1.5em;
    }

    &:last-child {
        border: none;
    }
}

.ec-expander {
    inline-size: 1.25em;
    margin-inline-end: .25em;
    margin-block-start: -1px;

    .ec-button {
        line-height: normal;
        padding: 0;
        aspect-ratio: 1;
        block-size: 1.25em;
    }
}

.ec-slot {
    white-space: nowrap;

    .ec-time-grid & {
        block-size: calc(var(--ec-slot-height) * var(--ec-slot-label-periodicity));
        position: relative;
        inset-block-start: -.5lh;
    }

    .ec-timeline & {
        grid-column: span var(--ec-slot-label-periodicity);
        font-size: .95em;
        padding: .18rem 0;
        overflow: clip;
        text-overflow: ellipsis;
    }
}

.ec-slots {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: var(--ec-slot-width);
    text-align: center;

    --ec-day-bg-color: var(--ec-bg-color);
    background-color: var(--ec-day-bg-color);
    border-block-end: 1px solid var(--ec-border-color);

    &.ec-today {
        --ec-day-bg-color: var(--ec-today-bg-color);
    }

    &.ec-highlight {
        --ec-day-bg-color: var(--ec-highlight-color);
    }

    --ec-last-line-color: transparent;
    --ec-direction: to left;
    [dir="rtl"] & {
        --ec-direction: to right;
    }
    background-image:
            linear-gradient(var(--ec-direction), var(--ec-last-line-color) 1px, transparent 1px),
            linear-gradient(var(--ec-direction), var(--ec-border-color) 1px, transparent 1px);
    background-size:
            100% 100%,
            calc(var(--ec-slot-width) * var(--ec-slot-label-periodicity)) 100%;

    &:last-child {
        --ec-last-line-color: var(--ec-day-bg-color);
    }
}

.ec-events {
    grid-area: 1 / 2 / -1 / -1;
    display: grid;
    grid-template: subgrid / subgrid;
    isolation: isolate;
    pointer-events: none;

    .ec-day-grid & {
        grid-column-start: 1;
    }
}

.ec-event {
    display: flex;
    position: relative;
    padding: 2px;
    color: var(--ec-event-text-color);
    box-sizing: border-box;
    box-shadow: 0 0 1px 0 var(--ec-border-color);
    background-color: var(--ec-event-bg-color);
    border-radius: 3px;
    font-size: .85em;
    line-height: 1.5;
    z-index: 1;
    pointer-events: all;
    inline-size: calc(100% - var(--ec-event-col-gap));

    .ec-time-grid & {
        grid-row: 1;
    }

    .ec-day-grid &,
    .ec-all-day &,
    .ec-timeline & {
        block-size: max-content;
        margin-block-end: var(--ec-event-col-gap);
        &.ec-start-clipped {
            border-start-start-radius: 0;
            border-end-start-radius: 0;
            border-start-end-radius: 3px;
            border-end-end-radius: 3px;
        }
        &.ec-end-clipped {
            border-start-end-radius: 0;
            border-end-end-radius: 0;
            border-start-start-radius: 3px;
            border-end-start-radius: 3px;
        }
    }

    .ec-list & {
        flex-direction: row;
        padding: .5em 1.5em;
        color: inherit;
        background-color: var(--ec-day-bg-color);
        border-radius: 0;
    }

    &.ec-preview {
        z-index: 1000;
        user-select: none;
        opacity: .8;
    }

    &.ec-pointer {
        color: inherit;
        pointer-events: none;
        user-select: none;
        z-index: 0;
        box-shadow: none;
    }

    &.ec-start-clipped {
        border-start-start-radius: 0;
        border-start-end-radius: 0;
    }
    &.ec-end-clipped {
        border-end-start-radius: 0;
        border-end-end-radius: 0;
    }
    &.ec-start-clipped.ec-end-clipped {
        border-radius: 0;
    }
}

.ec-bg-event {
    grid-row: 1;
    position: relative;
    background-color: var(--ec-bg-event-color);
    opacity: var(--ec-bg-event-opacity);
}

.ec-draggable {
    cursor: pointer;
    user-select: none;
}

.ec-ghost {
    opacity: .5;
    user-select: none;
    pointer-events: none;
}

.ec-event-body {
    display: flex;
    flex-direction: column;
    inline-size: 100%;

    .ec-day-grid &,
    .ec-all-day &,
    .ec-timeline & {
        flex-direction: row;
    }
}

.ec-event-tag {
    inline-size: 4px;
    border-radius: 2px;
    margin-inline-end: 8px;
}

.ec-event-time {
    overflow: hidden;
    white-space: nowrap;
    margin: 0 0 1px 0;
    flex-shrink: 0;
    max-block-size: 100%;

    .ec-day-grid &,
    .ec-timeline & {
        margin: 0 3px 0 0;
        max-inline-size: 100%;
        text-overflow: ellipsis;
    }
}

.ec-event-title {
    overflow: hidden;
    margin: 0;
    font-weight: inherit;

    .ec-time-grid & {
        position: sticky;
        inset-block-start: var(--ec-header-height);
    }

    .ec-day-grid &,
    .ec-all-day &,
    .ec-timeline & {
        min-block-size: 1.5em;
        white-space: nowrap;
        text-overflow: ellipsis;
        position: sticky;
        inset-inline-start: calc(var(--ec-sidebar-width) + .18em);
    }

    .ec-list & {
        font-size: 1rem;
    }
}

.ec-resizer {
    position: absolute;
    user-select: none;

    .ec-time-grid .ec-body & {
        inset: auto 0 0 0;
        block-size: 50%;
        max-block-size: 8px;
        cursor: ns-resize;

        &.ec-start {
            inset: 0 0 auto 0;
        }
    }
    .ec-day-grid &,
    .ec-all-day &,
    .ec-timeline & {
        inset: 0 0 0 auto;
        inline-size: 50%;
        max-inline-size: 8px;
        cursor: ew-resize;

        &.ec-start {
            inset: 0 auto 0 0;
        }
    }
}

.ec-dragging, .ec-dragging * {
    cursor: pointer!important;
}
.ec-resizing-y, .ec-resizing-y * {
    cursor: ns-resize!important;
}
.ec-resizing-x, .ec-resizing-x * {
    cursor: ew-resize!important;
}
.ec-not-allowed, .ec-not-allowed * {
    cursor: not-allowed!important;
}

.ec-no-events {
    text-align: center;
    padding: 5em 0;
    background-color: var(--ec-bg-color);
}

.ec-now-indicator {
    grid-row: 2;
    position: relative;
    pointer-events: none;
    will-change: inset;

    .ec-time-grid & {
        inline-size: 100%;
        block-size: 0;
        border-block-start: var(--ec-now-indicator-color) solid 2px;
    }

    .ec-timeline & {
        inline-size: 0;
        border-inline-start: var(--ec-now-indicator-color) solid 2px;

        &:before {
            inset-block-start: calc(var(--ec-header-height) - 6.5px);
            z-index: 2;
        }
    }

    &:before {
        background: var(--ec-now-indicator-color);
        border-radius: 50%;
        content: "";
        display: block;
        block-size: 12px;
        inline-size: 12px;
        margin-block-start: -7px;
        margin-inline-start: -7px;
        position: sticky;
        inset-inline-start: calc(var(--ec-sidebar-width) - 6.5px);
        z-index: 1;
    }
}

.ec-popup {
    position: relative;
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    block-size: max-content;
    inline-size: 125%;
    min-block-size: 8em;
    min-inline-size: 12em;
    padding: .375rem .75rem .75rem;
    background-color: var(--ec-popup-bg-color);
    border: 1px solid var(--ec-border-color);
    border-radius: .25rem;
    box-shadow: var(--ec-color-300) 0 10px 15px -3px, var(--ec-color-300) 0 4px 6px -4px;

    .ec-day-head {
        flex-direction: row;
        padding-inline: 0;

        a {
            cursor: pointer;
            font-size: 1.5em;
            line-height: .8;
        }
    }

    .ec-events {
        --ec-event-col-gap: 0;
        display: block;
        overflow-y: auto;
        pointer-events: auto;
    }
}

.ec-custom-scrollbars {
    .ec-main {
        &::-webkit-scrollbar {
            background-color: transparent;
        }

        &::-webkit-scrollbar-thumb {
            border: 4px solid transparent;
            box-shadow: none;
            background-color: var(--ec-border-color);
            background-clip: padding-box;
            border-radius: 8px;
        }

        &::-webkit-scrollbar-thumb:hover {
            background-color: var(--ec-color-400);
        }
    }
}

.ec {
    display: flex;
    flex-direction: column;
}

.ec-main {
    display: grid;
    border: 1px solid var(--ec-border-color);
    overflow: auto;
    /*scrollbar-width: thin;*/

    .ec-time-grid & {
        grid-template-columns: max-content repeat(var(--ec-grid-cols), var(--ec-col-width));
        grid-template-rows: repeat(2, max-content);
    }

    .ec-day-grid & {
        --ec-row-height: auto;
        grid-template-columns: repeat(var(--ec-grid-cols), minmax(0, 1fr));
        grid-template-rows: max-content repeat(var(--ec-grid-rows), var(--ec-row-height));

        &.ec-uniform {
            --ec-row-height: minmax(0, 1fr);
            overflow: hidden;
            flex-grow: 1;
        }
    }

    .ec-timeline & {
        grid-template-columns: max-content repeat(var(--ec-grid-cols), var(--ec-col-width));
        grid-template-rows: max-content var(--ec-grid-rows);
        flex-grow: 1;
    }

    .ec-list & {

    }
}

.ec-header {
    grid-area: 1 / 1 / 2 / -1;
    display: grid;
    grid-template-columns: subgrid;
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
}

.ec-grid {
    grid-area: 1 / 1 / -1 / -1;
    display: grid;
    grid-template-columns: subgrid;

    .ec-body & {
        grid-template-rows: subgrid;
    }

    .ec-time-grid &,
    .ec-timeline & {
        grid-column-start: 2;
    }
}

.ec-all-day {
    grid-area: 2 / 1 / auto / -1;
    display: grid;
    grid-template-columns: subgrid;
    min-block-size: var(--ec-slot-height);
}

.ec-col-group {
    grid-column: span  var(--ec-col-group-span);
}

.ec-col-group,
.ec-col-head {
    text-align: center;
    padding: .375rem .18em;
    background-color: var(--ec-bg-color);
    border: 1px solid var(--ec-border-color);
    border-block-start: none;
    border-inline-start: none;
    overflow: clip;
    text-overflow: ellipsis;

    &.ec-today {
        background-color: var(--ec-today-bg-color);
    }

    &.ec-highlight {
        background-color: var(--ec-highlight-color);
    }
}

.ec-col-group:nth-last-child(1 of .ec-col-group),
.ec-col-head:nth-last-child(1 of .ec-col-head) {
    border-inline-end: none;
}

.ec-col-group > *,
.ec-timeline .ec-col-head > * {
    position: sticky;
    inset-inline-start: calc(var(--ec-sidebar-width) + .18em);
}

.ec-body {
    grid-area: 2 / 1 / -1 / -1;
    display: grid;
    grid-template: subgrid / subgrid;
}

.ec-hidden {
    visibility: hidden;
}
/*$vite$:1*/`;var Oc=`.board { height: 100%; }
.ec { height: 100%; --ec-bg-color: var(--isp-paper, #fff); --ec-text-color: var(--isp-ink, #132022); --ec-border-color: var(--isp-line, #dbe4e4);
  --ec-today-bg-color: var(--isp-hover, #eef5f4); color: var(--isp-ink, #132022); background: var(--isp-paper, #fff);
  border: 1px solid var(--isp-line, #dbe4e4); border-radius: 12px; overflow: hidden; font: 13px/1.35 Roboto, system-ui, sans-serif; }
.ec-event { border-radius: 8px; padding: 4px 8px; box-shadow: none; border: 1px solid transparent; border-inline-start: 5px solid currentColor; }
.ec-event:focus-visible { outline: 3px solid var(--isp-brand, #0f766e); outline-offset: 1px; }
.ec-event.info { background: var(--isp-info-ground, #e3eefb); color: var(--isp-info, #1c4f86); }
.ec-event.good { background: var(--isp-good-ground, #e2f3e8); color: var(--isp-good, #1d6b3c); }
.ec-event.warn { background: var(--isp-warn-ground, #fdf1d9); color: var(--isp-warn, #7a5200); }
.ec-event.bad { background: var(--isp-bad-ground, #fbe5e4); color: var(--isp-bad, #a12622); }
.bar { display: flex; flex-direction: column; min-width: 0; overflow: hidden; }
.bar span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; unicode-bidi: plaintext; text-align: -webkit-match-parent; text-align: match-parent; }
.bar .who { font-weight: 600; }
.bar .state { font-size: 12px; }
.lane { display: flex; flex-direction: column; padding: 6px 8px; text-align: start; align-items: flex-start; }
.ec-row-head { justify-content: flex-start; text-align: start; }
.lane small { color: var(--isp-soft, #55666a); }
`;var Ic=e=>{let t=r=>String(r).padStart(2,"0");return`${e.getFullYear()}-${t(e.getMonth()+1)}-${t(e.getDate())}T${t(e.getHours())}:${t(e.getMinutes())}:00`},Mc=62;function Wp({event:e}){let{code:t,who:r,state:n}=e.extendedProps,o=document.createElement("div");o.className="bar",o.title=`${t} ${r}
${n}`;for(let[s,a]of[["code",t],["who",r],["state",n]]){let l=document.createElement("span");l.className=s,l.textContent=a,l.dir="auto",o.append(l)}return{domNodes:[o]}}function jp({resource:e}){let t=document.createElement("div");t.className="lane";let r=document.createElement("b");r.textContent=e.title,r.dir="auto";let n=document.createElement("small");return n.textContent=e.extendedProps.load,t.append(r,n),{domNodes:[t]}}var Xp=["table","rowgroup","row","rowheader","columnheader","cell","gridcell"],Pc=["aria-colindex","aria-rowindex","aria-colcount","aria-rowcount","aria-colspan","aria-rowspan"],Lc=e=>{for(let t of e.querySelectorAll("[role]"))Xp.includes(t.getAttribute("role"))&&t.removeAttribute("role");for(let t of e.querySelectorAll(".ec-main:not([tabindex])"))t.tabIndex=0;for(let t of Pc)for(let r of e.querySelectorAll(`[${t}]`))r.removeAttribute(t)};function rS({model:e,el:t}){let r=document.createElement("style");r.textContent=Nc+Oc;let n=document.createElement("div");n.className="board",n.setAttribute("role","group"),n.setAttribute("aria-label",e.label),t.append(r,n);let o=new MutationObserver(()=>Lc(n));o.observe(n,{subtree:!0,childList:!0,attributes:!0,attributeFilter:["role",...Pc]});let s=()=>e.visits.map(l=>({...l,resourceIds:[l.lane]})),a=Rc(n,[Dc,xc],{view:e.week?"resourceTimelineWeek":"resourceTimelineDay",date:e.day,height:"100%",firstDay:1,headerToolbar:{start:"",center:"",end:""},locale:e.locale,nowIndicator:!0,slotMinTime:e.opens,slotMaxTime:e.closes,slotDuration:"01:00",snapDuration:"00:15",slotWidth:e.week?Mc:92,slotLabelFormat:{hour:"2-digit",minute:"2-digit"},hiddenDays:[],resources:e.lanes,events:s(),editable:!1,eventStartEditable:e.movable,eventDurationEditable:!1,eventContent:Wp,resourceLabelContent:jp,eventDrop:({event:l,oldEvent:c})=>e.send_msg({moved:{code:l.id,lane:l.resourceIds[0],start:Ic(l.start),from:Ic(c.start)}}),eventClick:({event:l})=>e.send_msg({picked:l.id})});e.on("visits",()=>a.setOption("events",s())),e.on("lanes",()=>a.setOption("resources",e.lanes)),e.on("day",()=>a.setOption("date",e.day)),e.on("week",()=>{a.setOption("slotWidth",e.week?Mc:92),a.setOption("view",e.week?"resourceTimelineWeek":"resourceTimelineDay")}),e.on("msg:custom",()=>a.setOption("events",s())),Lc(n),e.on("remove",()=>{o.disconnect(),Ac(a)})}export{rS as render};
