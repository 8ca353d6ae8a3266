//go:build !js

package main

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"acschat/cmd/chatdev/loopback"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// setCache makes a directory the user's cache directory, on every system.
func setCache(t *testing.T, directory string) {
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, directory)
	}
}

// openIn returns the authority stored in a directory, as of the given time.
func openIn(t *testing.T, directory string, now time.Time) *authority {
	t.Helper()
	a, err := storedAuthority(directory, nil, now)
	require.NoError(t, err)
	return a
}

func TestAuthorityIsStored(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Now()
	tests := []struct {
		name   string
		change func(t *testing.T, directory string)
		after  time.Duration
		isNew  bool
	}{
		{"next run", nil, 0, false},
		{"three weeks later", nil, 22 * day, false},
		{"about to expire", nil, 24 * day, true},
		{"expired", nil, 31 * day, true},
		{"not yet valid", nil, -day, true},
		{"key missing", func(t *testing.T, directory string) {
			require.NoError(t, os.Remove(filepath.Join(directory, authorityKeyFile)))
		}, 0, true},
		{"key of another authority", func(t *testing.T, directory string) {
			other := t.TempDir()
			openIn(t, other, now)
			require.NoError(t, os.Rename(filepath.Join(other, authorityKeyFile), filepath.Join(directory, authorityKeyFile)))
		}, 0, true},
		{"certificate damaged", func(t *testing.T, directory string) {
			require.NoError(t, os.Truncate(filepath.Join(directory, authorityFile), 100))
		}, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			directory := filepath.Join(t.TempDir(), "acschat")
			first := openIn(t, directory, now)
			if test.change != nil {
				test.change(t, directory)
			}
			second := openIn(t, directory, now.Add(test.after))
			assert.Equal(t, test.isNew, !first.certificate.Equal(second.certificate))
			assert.Equal(t, second.certificate, openIn(t, directory, now.Add(test.after)).certificate, "a new authority is stored, too")
			entries, err := os.ReadDir(directory)
			require.NoError(t, err)
			assert.Len(t, entries, 2, "no temporary file is left")
		})
	}
}

func TestAuthorityKeyIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	directory := t.TempDir()
	path := filepath.Join(directory, authorityKeyFile)
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	openIn(t, directory, time.Now())
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
}

// verify checks a certificate as a client that trusts only this authority.
func (a *authority) verify(der []byte, host string) error {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	_, err = certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: host})
	return err
}

func TestServerCertificate(t *testing.T) {
	now := time.Now()
	a := openIn(t, t.TempDir(), now.Add(-24*time.Hour))
	certificate, err := a.serverCertificate([]string{"127.0.0.9"}, now)
	require.NoError(t, err)
	der := certificate.Certificate[0]
	for _, host := range []string{"localhost", "127.0.0.1", "::1", "127.0.0.9"} {
		assert.NoError(t, a.verify(der, host), host)
	}
	certificate, err = a.serverCertificate([]string{"acs.localhost"}, now)
	require.NoError(t, err)
	for _, host := range []string{"localhost", "acs.localhost", "127.0.0.1"} {
		assert.NoError(t, a.verify(certificate.Certificate[0], host), host)
	}
	assert.Error(t, a.verify(der, "example.com"))
	assert.Error(t, openIn(t, t.TempDir(), now).verify(der, "localhost"), "another authority")

	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	assert.Equal(t, a.certificate.NotAfter, leaf.NotAfter, "it does not outlive the authority")
	assert.Equal(t, 30*24*time.Hour, a.certificate.NotAfter.Sub(a.certificate.NotBefore))
}

func TestAuthorityCannotSignForOtherMachines(t *testing.T) {
	now := time.Now()
	a := openIn(t, t.TempDir(), now)

	foreign, err := a.serverCertificate([]string{"192.0.2.7"}, now)
	require.NoError(t, err)
	assert.ErrorContains(t, a.verify(foreign.Certificate[0], "192.0.2.7"), "not permitted by any constraint")

	template := newTemplate("example.com", now, a.certificate.NotAfter)
	template.DNSNames = []string{"example.com"}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, a.key.Public(), a.key)
	require.NoError(t, err)
	assert.ErrorContains(t, a.verify(der, "example.com"), "not permitted by any constraint")
}

// Trust in the authority of one set of hosts does not include other hosts.
func TestAuthorityForHosts(t *testing.T) {
	setCache(t, t.TempDir())
	now := time.Now()
	open := func(hosts ...string) *authority {
		a, err := openAuthority(now, hosts, log.New(t.Output(), "", 0))
		require.NoError(t, err)
		return a
	}
	sets := [][]string{nil, {"acs"}, {"192.0.2.7"}, {"2001:db8::1"}, {"192.0.2.7", "2001:db8::1", "acs", "chat_dev.example"}}
	files := make(map[string]bool)
	for _, hosts := range sets {
		a := open(hosts...)
		files[a.file] = true
		assert.Equal(t, a.certificate, open(hosts...).certificate, "it is stored")
		for _, host := range []string{"localhost", "127.0.0.1", "::1", "acs", "192.0.2.7", "2001:db8::1", "chat_dev.example", "other.example", "192.0.2.8"} {
			certificate, err := a.serverCertificate([]string{host}, now)
			require.NoError(t, err)
			err = a.verify(certificate.Certificate[0], host)
			assert.Equal(t, loopback.Is(host) || slices.Contains(hosts, host), err == nil, "authority of %q for %s: %v", hosts, host, err)
		}
	}
	assert.Len(t, files, len(sets), "each has a file of its own")

	directory := t.TempDir()
	first, err := storedAuthority(directory, []string{"a--1"}, now)
	require.NoError(t, err)
	for _, hosts := range [][]string{{"a::1"}, nil, {"a--1", "b"}} {
		other, err := storedAuthority(directory, hosts, now)
		require.NoError(t, err)
		assert.NotEqual(t, first.certificate, other.certificate, "an authority for other hosts is not used")
	}
}

func TestAuthorityThatCannotBeStored(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	setCache(t, file) // a file cannot contain the directory
	temporary := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} {
		t.Setenv(name, temporary)
	}
	var out bytes.Buffer

	a, err := openAuthority(time.Now(), nil, log.New(&out, "", 0))
	require.NoError(t, err)
	assert.Equal(t, temporary, filepath.Dir(a.file))
	content, err := os.ReadFile(a.file)
	require.NoError(t, err)
	assert.True(t, x509.NewCertPool().AppendCertsFromPEM(content))
	assert.NotContains(t, string(content), "KEY")
	assert.Contains(t, out.String(), "the CA cannot be stored")
	entries, err := os.ReadDir(temporary)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "the key is in no file")
}
