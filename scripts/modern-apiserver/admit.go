package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"

	"demarc/openapi"

	requests "k8s.io/api/admission/v1"
	policies "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta/testrestmapper"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	yaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	mutatingwebhook "k8s.io/apiserver/pkg/admission/plugin/webhook/mutating"
	validatingwebhook "k8s.io/apiserver/pkg/admission/plugin/webhook/validating"
	audit "k8s.io/apiserver/pkg/apis/audit"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/warning"
	dynamic "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/component-base/metrics/legacyregistry"
)

// answer is what comes of one request.
type answer struct {
	Allowed bool           `json:"allowed"`
	Status  *metav1.Status `json:"status,omitempty"`
	// The object as mutating webhooks leave it, as a text of JSON.
	Object      string            `json:"object,omitempty"`
	Warnings    []string          `json:"warnings"`
	Annotations map[string]string `json:"annotations"`
	// The webhooks that a call was tried to, in the order of their names.
	Called []string `json:"called"`
}

// chain has the plugins of admission in the order in which the API server has them.
type chain struct {
	mutating  *mutatingwebhook.Plugin
	policies  *validating.Plugin
	webhooks  *validatingwebhook.Plugin
	resources runtime.EquivalentResourceRegistry
}

// admit says first what the type checker makes of each policy, then answers requests until there are no more.
func admit(files []string, in io.Reader, out io.Writer) error {
	var objects []runtime.Object
	for _, file := range files {
		read, err := readObjects(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		objects = append(objects, read...)
	}
	stop := make(chan struct{})
	defer close(stop)
	plugins, err := start(objects, stop)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	if err = encoder.Encode(typeCheck(objects)); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var request requests.AdmissionRequest
		if err = json.Unmarshal(lines.Bytes(), &request); err != nil {
			return err
		}
		answered, err := plugins.answer(&request)
		if err != nil {
			return err
		}
		if err = encoder.Encode(answered); err != nil {
			return err
		}
	}
	return lines.Err()
}

func readObjects(file string) ([]runtime.Object, error) {
	reader, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	// A field that today's API does not know is an error, as it is for kubectl.
	strict := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	var objects []runtime.Object
	documents := yaml.NewYAMLReader(bufio.NewReader(reader))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		object, _, err := strict.Decode(document, nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

// typeCheck does what a controller of kube-controller-manager does: its result stands in the status of each policy.
func typeCheck(objects []runtime.Object) map[string][]policies.ExpressionWarning {
	checker := validating.TypeChecker{
		SchemaResolver: resolver.NewDefinitionsSchemaResolver(openapi.GetOpenAPIDefinitions, scheme.Scheme),
		RestMapper:     testrestmapper.TestOnlyStaticRESTMapper(scheme.Scheme),
	}
	results := map[string][]policies.ExpressionWarning{}
	for _, object := range objects {
		if policy, ok := object.(*policies.ValidatingAdmissionPolicy); ok {
			results[policy.Name] = append([]policies.ExpressionWarning{}, checker.Check(policy)...)
		}
	}
	return results
}

// start gives the plugins a cluster that consists of the objects.
func start(objects []runtime.Object, stop chan struct{}) (*chain, error) {
	client := fake.NewSimpleClientset(objects...)
	dynamicClient := dynamic.NewSimpleDynamicClient(scheme.Scheme)
	factory := informers.NewSharedInformerFactory(client, 0)
	mutating, err := mutatingwebhook.NewMutatingWebhook(nil)
	if err != nil {
		return nil, err
	}
	webhooks, err := validatingwebhook.NewValidatingAdmissionWebhook(nil)
	if err != nil {
		return nil, err
	}
	checks, err := validating.NewPlugin(nil)
	if err != nil {
		return nil, err
	}
	settings := initializer.New(client, dynamicClient, factory, authorizerfactory.NewAlwaysAllowAuthorizer(), feature.DefaultFeatureGate,
		compatibility.DefaultBuildEffectiveVersion(), stop, testrestmapper.TestOnlyStaticRESTMapper(scheme.Scheme))
	for _, plugin := range []admission.Interface{mutating, checks, webhooks} {
		settings.Initialize(plugin)
		if err = admission.ValidateInitialization(plugin); err != nil {
			return nil, err
		}
	}
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	return &chain{mutating, checks, webhooks, runtime.NewEquivalentResourceRegistry()}, nil
}

// decode makes an object of Kubernetes' own kinds what the API server makes of it; fields that were null are gone then, as there.
func decode(raw runtime.RawExtension) (runtime.Object, error) {
	if len(raw.Raw) == 0 || string(raw.Raw) == "null" {
		return nil, nil
	}
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(raw.Raw, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		custom := &unstructured.Unstructured{}
		return custom, custom.UnmarshalJSON(raw.Raw)
	}
	return object, err
}

func (c *chain) answer(request *requests.AdmissionRequest) (*answer, error) {
	object, err := decode(request.Object)
	old, failed := decode(request.OldObject)
	options, wrong := decode(request.Options)
	answer := &answer{Warnings: []string{}, Annotations: map[string]string{}, Called: []string{}}
	if err = errors.Join(err, failed, wrong); err != nil {
		// Admission never sees what cannot be read.
		answer.Status = &apierrors.NewBadRequest(err.Error()).ErrStatus
		return answer, nil
	}
	kind := schema.GroupVersionKind(request.Kind)
	resource := schema.GroupVersionResource(request.Resource)
	c.resources.RegisterKindFor(resource, request.SubResource, kind)
	person := &user.DefaultInfo{Name: request.UserInfo.Username, UID: request.UserInfo.UID, Groups: request.UserInfo.Groups}
	attributes := recorded{admission.NewAttributesRecord(object, old, kind, request.Namespace, request.Name, resource, request.SubResource,
		admission.Operation(request.Operation), options, request.DryRun != nil && *request.DryRun, person), answer}
	ctx := warning.WithWarningRecorder(context.Background(), answer)
	before, err := calls()
	if err != nil {
		return nil, err
	}
	interfaces := interfaces{admission.NewObjectInterfacesFromScheme(scheme.Scheme), c.resources}
	err = c.mutating.Admit(ctx, attributes, interfaces)
	if err == nil {
		err = c.policies.Validate(ctx, attributes, interfaces)
	}
	if err == nil {
		err = c.webhooks.Validate(ctx, attributes, interfaces)
	}
	if answer.Allowed = err == nil; answer.Allowed {
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		answer.Object = string(text)
	} else if status := apierrors.APIStatus(nil); errors.As(err, &status) {
		reason := status.Status()
		answer.Status = &reason
	} else {
		return nil, err
	}
	after, err := calls()
	if err != nil {
		return nil, err
	}
	for name, count := range after {
		if count > before[name] {
			answer.Called = append(answer.Called, name)
		}
	}
	slices.Sort(answer.Called)
	return answer, nil
}

// calls counts, by webhook, what was sent so far, answered or not: nothing else says which were called.
func calls() (map[string]float64, error) {
	families, err := legacyregistry.DefaultGatherer.Gather()
	counts := map[string]float64{}
	for _, family := range families {
		if family.GetName() != "apiserver_admission_webhook_request_total" {
			continue
		}
		for _, metric := range family.Metric {
			for _, label := range metric.Label {
				if label.GetName() == "name" {
					counts[label.GetValue()] += metric.GetCounter().GetValue()
				}
			}
		}
	}
	return counts, err
}

// AddWarning takes what a client would be shown.
func (a *answer) AddWarning(_, text string) { a.Warnings = append(a.Warnings, text) }

// recorded are attributes whose annotations can be read: they go to the answer, and no audit log.
type recorded struct {
	admission.Attributes
	answer *answer
}

func (r recorded) AddAnnotation(key, value string) error {
	r.answer.Annotations[key] = value
	return nil
}

func (r recorded) AddAnnotationWithLevel(key, value string, _ audit.Level) error {
	return r.AddAnnotation(key, value)
}

// interfaces take the objects' only version for the one in memory, since the libraries do not have the latter.
type interfaces struct {
	admission.ObjectInterfaces
	resources runtime.EquivalentResourceMapper
}

func (i interfaces) GetEquivalentResourceMapper() runtime.EquivalentResourceMapper {
	return i.resources
}

func (i interfaces) GetObjectConvertor() runtime.ObjectConvertor {
	return sameVersion{i.ObjectInterfaces.GetObjectConvertor()}
}

type sameVersion struct{ runtime.ObjectConvertor }

func (c sameVersion) Convert(in, out, context any) error {
	if reflect.TypeOf(in) != reflect.TypeOf(out) {
		return c.ObjectConvertor.Convert(in, out, context)
	}
	reflect.ValueOf(out).Elem().Set(reflect.ValueOf(in).Elem())
	return nil
}
