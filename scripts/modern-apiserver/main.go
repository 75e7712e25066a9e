// Kubernetes' own code of today, for tests: what its libraries hold of the API server, without the API server, which no distribution has the source of.
//
//	modern-apiserver serve DIR ETCD   an API server for CustomResourceDefinitions and custom resources. It makes DIR, with url, token, ca.crt,
//	                                  kubeconfig, tokens.csv, says "ready", ends with its input, and removes DIR.
//	modern-apiserver admit FILE…      admission by the objects of these files (YAML). Its first line is what the type checker says of each policy. Then it
//	                                  reads requests, one a line, each the request of an AdmissionReview, and writes a line about each (answer in admit.go).
package main

import (
	"fmt"
	"os"
	"runtime"

	"k8s.io/klog/v2"
)

func init() { runtime.LockOSThread() }

func main() {
	klog.LogToStderr(true)
	var err error
	switch {
	case len(os.Args) == 4 && os.Args[1] == "serve":
		err = serve(os.Args[2], os.Args[3])
	case len(os.Args) > 2 && os.Args[1] == "admit":
		err = admit(os.Args[2:], os.Stdin, os.Stdout)
	default:
		fmt.Fprintln(os.Stderr, "modern-apiserver: give one of: serve DIR ETCD, admit FILE…")
		os.Exit(64)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "modern-apiserver:", err)
		os.Exit(1)
	}
}
