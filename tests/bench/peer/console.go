package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// console calls the Console for one project of one organization.
type console struct {
	gateway, credential, organization, project string
	client                                     *http.Client
}

type account struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

func (c *console) call(ctx context.Context, method, path string, body, data any) error {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.gateway+"/auth/api/v1"+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", c.credential)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("x-organization-id", c.organization)
	if c.project != "" {
		request.Header.Set("x-project-id", c.project)
	}
	reply, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	if reply.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: the Console answered %d", method, path, reply.StatusCode)
	}
	return json.Unmarshal(text, &struct {
		Data any `json:"data"`
	}{data})
}

// findProject sets the project by its name.
func (c *console) findProject(ctx context.Context, name string) error {
	var projects []struct {
		ID   string `json:"project_id"`
		Name string `json:"name"`
	}
	if err := c.call(ctx, http.MethodGet, "/organization/project/view/list/"+c.organization, nil, &projects); err != nil {
		return err
	}
	for _, each := range projects {
		if each.Name == name {
			c.project = each.ID
			return nil
		}
	}
	return fmt.Errorf("the organization has no project %q", name)
}

func (c *console) create(ctx context.Context, name string, permissions []string) (account, error) {
	var made account
	err := c.call(ctx, http.MethodPost, "/serviceaccount/token/create",
		map[string]any{"name": name, "description": "", "roles": permissions, "expired_in": nil}, &made)
	return made, err
}

func (c *console) renew(ctx context.Context, id string) (account, error) {
	var renewed account
	err := c.call(ctx, http.MethodPut, "/serviceaccount/"+id+"/token/renew", map[string]any{"expired_in": nil}, &renewed)
	return renewed, err
}

func (c *console) remove(ctx context.Context, id string) error {
	return c.call(ctx, http.MethodDelete, "/serviceaccount/"+id, nil, nil)
}
