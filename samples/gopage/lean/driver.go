//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// driver performs the steps of chatcore's calls with the page's fetch and setTimeout. It needs no lock: a page's goroutines
// run one at a time, and switch only when one waits. If the client had a token callback, there would be NeedToken steps, too.
type driver struct {
	core  *chatcore.Client
	calls map[int]*call // by id
	due   js.Func
}

// call is a call in flight.
type call struct {
	core  *chatcore.Call
	ended chan struct{}
	timer js.Value // the timer for the step's deadline
	abort js.Value // the AbortController of the step's fetch
}

func newDriver(o chatcore.Options) (*driver, error) {
	o.Made = now()
	o.NewUUID = func() string { return js.Global().Get("crypto").Call("randomUUID").String() }
	o.UnixMs = func() int64 { return int64(js.Global().Get("Date").Call("now").Float()) }
	o.Random = func() uint32 { return uint32(js.Global().Get("Math").Call("random").Float() * (1 << 32)) }
	core, err := chatcore.NewClient(o)
	if err != nil {
		return nil, err
	}
	d := &driver{core: core, calls: map[int]*call{}}
	d.due = js.FuncOf(func(_ js.Value, args []js.Value) any {
		if c := d.calls[args[0].Int()]; c != nil {
			step := c.core.Step().Number
			c.core.Elapsed(now())
			d.perform()
			if c.core.Step().Number == step { // the timer fired too early, or the deadline has moved
				d.arm(c)
			}
		}
		return nil
	})
	return d, nil
}

// now reads a monotonic clock. It never returns 0, which means no time.
func now() chatcore.Instant {
	return 1 + chatcore.Instant(js.Global().Get("performance").Call("now").Int())
}

// do makes a call and waits for its result.
func (d *driver) do(core *chatcore.Call) (chatcore.Result, error) {
	c := &call{core: core, ended: make(chan struct{})}
	d.calls[core.ID()] = c
	core.Start(now())
	d.perform()
	<-c.ended
	return core.Step().Result, core.Step().Err
}

// perform performs the new steps of all calls. It must run after every event that was reported to the core.
func (d *driver) perform() {
	for core := d.core.Next(); core != nil; core = d.core.Next() {
		c, step := d.calls[core.ID()], core.Step()
		js.Global().Call("clearTimeout", c.timer)
		if !c.abort.IsUndefined() {
			c.abort.Call("abort") // has no effect if the response is complete
		}
		switch step.Kind {
		case chatcore.Done, chatcore.Failed:
			delete(d.calls, core.ID())
			close(c.ended)
			continue
		case chatcore.Send:
			c.abort = js.Global().Get("AbortController").New()
			go d.send(c, *step)
		}
		d.arm(c)
	}
}

// arm sets the timer for the deadline of a call's step.
func (d *driver) arm(c *call) {
	c.timer = js.Global().Call("setTimeout", d.due, int(max(c.core.Step().Deadline-now(), 0)), c.core.ID())
}

// send sends a request and reports the outcome to the core.
func (d *driver) send(c *call, step chatcore.Step) {
	defer d.perform()
	headers := map[string]any{}
	for _, header := range step.Request.Header {
		headers[header.Name] = header.Value
	}
	init := map[string]any{
		"method": step.Request.Method, "headers": headers, "credentials": "omit", "redirect": "error",
		"signal": c.abort.Get("signal"),
	}
	if step.Request.Method == "GET" {
		init["cache"] = "no-store" // a lookup must find the message that was just sent
	}
	if step.Request.Body != "" {
		init["body"] = step.Request.Body
	}
	response, err := await(js.Global().Call("fetch", step.Request.URL, init))
	if err != nil {
		c.core.NetworkFailed(now(), step.Number, err)
		return
	}
	var body string
	text, err := await(response.Call("text"))
	if err == nil {
		body = text.String()
	}
	c.core.Response(now(), step.Number, chatcore.Response{
		Status: response.Get("status").Int(),
		Header: func(name string) string {
			if value := response.Get("headers").Call("get", name); !value.IsNull() {
				return value.String()
			}
			return ""
		},
		Body: body,
		Err:  err,
	})
}

// await waits until a promise is settled, and returns its value or error.
func await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{})
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		value = args[0]
		close(settled)
		return nil
	})
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		err = js.Error{Value: args[0]}
		close(settled)
		return nil
	})
	defer fulfilled.Release()
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	<-settled
	return value, err
}
