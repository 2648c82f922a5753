package main

import (
	"context"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

const (
	finalizer       = "console.platformer.com/finalizer"
	renewAnnotation = "console.platformer.com/renew"
)

// reconciler does what a tutorial's operator does: account, Secret, status. A crash between the call and the Secret loses a
// token; that is what our operator's further requests are for.
type reconciler struct {
	client.Client
	console  *console
	recorder events.EventRecorder
	ready    atomic.Int64 // objects that became Ready
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var object ServiceAccount
	if err := r.Get(ctx, request.NamespacedName, &object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !object.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, r.end(ctx, &object)
	}
	if controllerutil.AddFinalizer(&object, finalizer) {
		if err := r.Update(ctx, &object); err != nil {
			return ctrl.Result{}, err
		}
	}
	var secret metav1.PartialObjectMetadata
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	err := r.Get(ctx, client.ObjectKey{Namespace: object.Namespace, Name: object.Name + "-token"}, &secret)
	switch {
	case apierrors.IsNotFound(err):
		return ctrl.Result{}, r.issue(ctx, &object)
	case err != nil:
		return ctrl.Result{}, err
	case object.Annotations[renewAnnotation] != object.Status.LastHandledRenew:
		return ctrl.Result{}, r.renew(ctx, &object)
	}
	return ctrl.Result{}, nil
}

func (r *reconciler) secretOf(object *ServiceAccount, token string) (*corev1.Secret, error) {
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: object.Namespace, Name: object.Name + "-token",
			Labels: map[string]string{"app.kubernetes.io/managed-by": "platformer-operator"},
		},
		Data: map[string][]byte{"token": []byte(token)},
	}
	return secret, controllerutil.SetControllerReference(object, secret, r.Scheme())
}

func (r *reconciler) issue(ctx context.Context, object *ServiceAccount) error {
	made, err := r.console.create(ctx, object.Name, object.Spec.Permissions)
	if err != nil {
		return err
	}
	secret, err := r.secretOf(object, made.Token)
	if err != nil {
		return err
	}
	if err := r.Create(ctx, secret); err != nil {
		return err
	}
	object.Status.AccountID = made.ID
	object.Status.SecretName = secret.Name
	return r.report(ctx, object, "Issued")
}

func (r *reconciler) renew(ctx context.Context, object *ServiceAccount) error {
	renewed, err := r.console.renew(ctx, object.Status.AccountID)
	if err != nil {
		return err
	}
	secret, err := r.secretOf(object, renewed.Token)
	if err != nil {
		return err
	}
	if err := r.Update(ctx, secret); err != nil {
		return err
	}
	return r.report(ctx, object, "Renewed")
}

func (r *reconciler) report(ctx context.Context, object *ServiceAccount, reason string) error {
	object.Status.LastHandledRenew = object.Annotations[renewAnnotation]
	object.Status.ObservedGeneration = object.Generation
	meta.SetStatusCondition(&object.Status.Conditions, metav1.Condition{
		Type: "Ready", Status: metav1.ConditionTrue, Reason: reason, ObservedGeneration: object.Generation,
		Message: "the account exists and its token is in the Secret",
	})
	if err := r.Status().Update(ctx, object); err != nil {
		return err
	}
	r.ready.Add(1)
	r.recorder.Eventf(object, nil, corev1.EventTypeNormal, reason, reason, "the token is in Secret %s", object.Status.SecretName)
	return nil
}

func (r *reconciler) end(ctx context.Context, object *ServiceAccount) error {
	if object.Status.AccountID != "" {
		if err := r.console.remove(ctx, object.Status.AccountID); err != nil {
			return err
		}
	}
	if controllerutil.RemoveFinalizer(object, finalizer) {
		return client.IgnoreNotFound(r.Update(ctx, object))
	}
	return nil
}
