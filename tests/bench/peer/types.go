package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var groupVersion = schema.GroupVersion{Group: "console.platformer.com", Version: "v1alpha1"}

// ServiceAccount has the fields that the benchmark's objects use.
type ServiceAccount struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   ServiceAccountSpec   `json:"spec,omitempty"`
	Status ServiceAccountStatus `json:"status,omitempty"`
}

type ServiceAccountSpec struct {
	Project     string   `json:"project,omitempty"`
	Permissions []string `json:"permissions,omitempty"`
}

type ServiceAccountStatus struct {
	AccountID          string             `json:"accountID,omitempty"`
	SecretName         string             `json:"secretName,omitempty"`
	LastHandledRenew   string             `json:"lastHandledRenew,omitempty"`
	ObservedGeneration int64              `json:"observedGeneration,omitempty"`
	Conditions         []metav1.Condition `json:"conditions,omitempty"`
}

type ServiceAccountList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ServiceAccount `json:"items"`
}

func (in *ServiceAccount) DeepCopyObject() runtime.Object {
	out := *in
	in.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	out.Spec.Permissions = append([]string(nil), in.Spec.Permissions...)
	out.Status.Conditions = append([]metav1.Condition(nil), in.Status.Conditions...)
	return &out
}

func (in *ServiceAccountList) DeepCopyObject() runtime.Object {
	out := ServiceAccountList{TypeMeta: in.TypeMeta, ListMeta: in.ListMeta}
	for i := range in.Items {
		out.Items = append(out.Items, *in.Items[i].DeepCopyObject().(*ServiceAccount))
	}
	return &out
}

func register(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(groupVersion, &ServiceAccount{}, &ServiceAccountList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	return nil
}
