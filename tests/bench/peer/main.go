// The benchmark's peer: the same work by a controller-runtime operator, as its documentation teaches to write one, with a
// typed client, Secrets cached as metadata, 32 workers and no limit on requests. It takes its Console from the command line.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

const workers = 32

func run() error {
	gateway := flag.String("gateway", "", "URL of the Console")
	organization := flag.String("organization", "", "ID")
	project := flag.String("project", "storefront", "name")
	credential := flag.String("credential-file", "", "")
	address := flag.String("metrics-address", "127.0.0.1:0", "")
	flag.Parse() // --kubeconfig, too

	token, err := os.ReadFile(*credential)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = workers
	target := &console{
		gateway: *gateway, credential: strings.TrimSpace(string(token)), organization: *organization, client: &http.Client{Transport: transport},
	}
	ctx := ctrl.SetupSignalHandler()
	if err := target.findProject(ctx, *project); err != nil {
		return err
	}
	return serve(ctx, target, *address)
}

func serve(ctx context.Context, target *console, address string) error {
	ctrl.SetLogger(zap.New())
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return err
	}
	if err := register(scheme); err != nil {
		return err
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	config.QPS = -1
	managed := labels.SelectorFromSet(labels.Set{"app.kubernetes.io/managed-by": "platformer-operator"})
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:  scheme,
		Metrics: metricsserver.Options{BindAddress: address},
		Cache:   cache.Options{ByObject: map[client.Object]cache.ByObject{&corev1.Secret{}: {Label: managed}}},
	})
	if err != nil {
		return err
	}
	r := &reconciler{Client: manager.GetClient(), console: target, recorder: manager.GetEventRecorder("peer")}
	metrics.Registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts{Name: "peer_ready_total", Help: "How often an object became Ready."},
		func() float64 { return float64(r.ready.Load()) }))
	err = ctrl.NewControllerManagedBy(manager).
		For(&ServiceAccount{}).
		Owns(&corev1.Secret{}, builder.OnlyMetadata).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).
		Complete(r)
	if err != nil {
		return err
	}
	return manager.Start(ctx)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}
