package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	noop "go.opentelemetry.io/otel/trace/noop"
	extensions "k8s.io/apiextensions-apiserver/pkg/apiserver"
	"k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	extensionsopenapi "k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authentication/token/tokenfile"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/util/openapi"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// serve runs the API server of apiextensions beside an etcd of its own until its input ends.
func serve(dir, etcd string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err = os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	store, storage, err := startEtcd(dir, etcd)
	if err != nil {
		return err
	}
	defer func() {
		_ = store.Process.Signal(syscall.SIGTERM)
		_ = store.Wait()
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	secret := make([]byte, 16)
	if _, err = rand.Read(secret); err != nil {
		return err
	}
	token := hex.EncodeToString(secret)
	config, err := configuration(dir, storage, token, listener)
	if err != nil {
		return err
	}
	server, err := config.Complete().New(genericapiserver.NewEmptyDelegate())
	if err != nil {
		return err
	}
	// What kubectl asks first is the aggregator's to answer, and there is none.
	rest := server.GenericAPIServer.Handler.FullHandlerChain
	server.GenericAPIServer.Handler.FullHandlerChain = http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/apis" {
			server.GenericAPIServer.AggregatedDiscoveryGroupManager.ServeHTTP(answer, request)
		} else {
			rest.ServeHTTP(answer, request)
		}
	})
	ended := make(chan error, 1)
	go func() { ended <- server.GenericAPIServer.PrepareRun().RunWithContext(ctx) }()
	url := "https://" + listener.Addr().String()
	if err = describe(dir, url, token); err != nil {
		return err
	}
	if err = ready(ctx, url, token, filepath.Join(dir, "ca.crt"), ended); err != nil {
		return err
	}
	fmt.Println("ready")
	input := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(input)
	}()
	select {
	case <-input:
	case err = <-ended:
		return err
	}
	stop()
	return <-ended
}

// startEtcd starts a store that listens on a socket in dir, and on no port. The kernel ends it with the thread that starts it, which is the
// process's first and lasts as long as that.
func startEtcd(dir, program string) (*exec.Cmd, string, error) {
	log, err := os.Create(filepath.Join(dir, "etcd.log"))
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	// A socket's path may have 107 bytes, and etcd names sockets by host and port: so it is started in dir and given a relative one.
	store := "unix://etcd.sock:0"
	command := exec.Command(program, "--data-dir=etcd", "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls="+store, "--advertise-client-urls="+store, "--listen-peer-urls=unix://peer.sock:0")
	command.Dir, command.Stdout, command.Stderr = dir, log, log
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err = os.Chdir(dir); err != nil {
		return nil, "", err
	}
	return command, store, command.Start()
}

// configuration is that of apiextensions' own program, less what asks another API server: who may do what, and what else is in the cluster.
func configuration(dir, storage, token string, listener net.Listener) (*extensions.Config, error) {
	o := options.NewCustomResourceDefinitionsServerOptions(os.Stdout, os.Stderr)
	serving := o.RecommendedOptions.SecureServing
	serving.Listener, serving.BindPort = listener, listener.Addr().(*net.TCPAddr).Port
	serving.ServerCert.CertDirectory = dir
	if err := serving.MaybeDefaultWithSelfSignedCerts("localhost", nil, []net.IP{net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	o.RecommendedOptions.Etcd.StorageConfig.Transport.ServerList = []string{storage}
	if err := errors.Join(o.Complete(), o.APIEnablement.RuntimeConfig.Set("api/all=true")); err != nil {
		return nil, err
	}
	config := genericapiserver.NewRecommendedConfig(extensions.Codecs)
	if err := errors.Join(o.ServerRunOptions.ApplyTo(&config.Config), o.RecommendedOptions.Etcd.ApplyTo(&config.Config),
		serving.ApplyToConfig(&config.Config),
		o.APIEnablement.ApplyTo(&config.Config, extensions.DefaultAPIResourceConfigSource(), extensions.Scheme)); err != nil {
		return nil, err
	}
	config.Authentication.Authenticator = bearertoken.New(tokenfile.New(map[string]*user.DefaultInfo{
		token: {Name: "admin", Groups: []string{user.SystemPrivilegedGroup, user.AllAuthenticated}},
	}))
	config.Authorization.Authorizer = authorizerfactory.NewAlwaysAllowAuthorizer()
	definitions := openapi.GetOpenAPIDefinitionsWithoutDisabledFeatures(extensionsopenapi.GetOpenAPIDefinitions)
	namer := openapinamer.NewDefinitionNamer(extensions.Scheme, scheme.Scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, namer)
	return &extensions.Config{GenericConfig: config, ExtraConfig: extensions.ExtraConfig{
		CRDRESTOptionsGetter: options.NewCRDRESTOptionsGetter(
			*o.RecommendedOptions.Etcd, config.ResourceTransformers, config.StorageObjectCountTracker),
		ServiceResolver:     webhook.NewDefaultServiceResolver(),
		AuthResolverWrapper: webhook.NewDefaultAuthenticationInfoResolverWrapper(nil, nil, config.LoopbackClientConfig, noop.NewTracerProvider()),
	}}, nil
}

// describe writes what a client needs.
func describe(dir, url, token string) error {
	authority, err := os.ReadFile(filepath.Join(dir, "apiserver.crt"))
	if err != nil {
		return err
	}
	config := api.NewConfig()
	config.Clusters["test"] = &api.Cluster{Server: url, CertificateAuthorityData: authority}
	config.AuthInfos["admin"] = &api.AuthInfo{Token: token}
	config.Contexts["test"] = &api.Context{Cluster: "test", AuthInfo: "admin", Namespace: "default"}
	config.CurrentContext = "test"
	return errors.Join(os.WriteFile(filepath.Join(dir, "ca.crt"), authority, 0o600),
		os.WriteFile(filepath.Join(dir, "url"), []byte(url+"\n"), 0o600),
		os.WriteFile(filepath.Join(dir, "token"), []byte(token+"\n"), 0o600),
		os.WriteFile(filepath.Join(dir, "tokens.csv"), fmt.Appendf(nil, "%s,\"admin\",\"admin\",\"%s\"\n", token, user.SystemPrivilegedGroup), 0o600),
		clientcmd.WriteToFile(*config, filepath.Join(dir, "kubeconfig")))
}

// ready waits until the server says that it is, or ends.
func ready(ctx context.Context, url, token, authority string, ended chan error) error {
	client, err := rest.HTTPClientFor(&rest.Config{BearerToken: token, TLSClientConfig: rest.TLSClientConfig{CAFile: authority}})
	if err != nil {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		select {
		case err := <-ended:
			return false, fmt.Errorf("the server ended: %v", err)
		default:
		}
		answer, err := client.Get(url + "/readyz")
		if err != nil {
			return false, nil
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK, nil
	})
}
