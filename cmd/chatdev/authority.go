//go:build !js

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"acschat/cmd/chatdev/loopback"
)

const (
	// certificateLifetime is short because a certificate is easily made anew,
	// and what is forgotten in a browser should end.
	certificateLifetime = 30 * 24 * time.Hour
	// minLifetimeLeft has an authority made anew that would end while a server
	// may still be running.
	minLifetimeLeft = 7 * 24 * time.Hour
)

// authority is a CA that signs this machine's certificates, so that clients can
// trust them without switching their checks off. It is kept from run to run, to
// be trusted once. With its key a thief could be any server to a browser that
// trusts it; so it is constrained to localhost and loopback addresses, which
// lead to this machine alone.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	file        string // holds the certificate, in PEM
}

// openAuthority gives the authority of this user, made if there is none or
// none that lasts. Where it cannot be kept it is for this run alone, with its
// certificate in a temporary file, and the log says why.
func openAuthority(now time.Time, log *log.Logger) (*authority, error) {
	cache, err := os.UserCacheDir()
	if err == nil {
		var a *authority
		if a, err = keptAuthority(filepath.Join(cache, "acschat"), now); err == nil {
			return a, nil
		}
	}
	log.Printf("warning: -tls: the CA cannot be kept, and has to be trusted anew at the next start: %v", err)
	a, err := newAuthority(now)
	if err != nil {
		return nil, err
	}
	a.file, err = writeTemporary("", "chatdev-ca-*.pem", encodePEM(certificateType, a.certificate.Raw))
	return a, err
}

// keptAuthority gives the authority in a directory.
func keptAuthority(directory string, now time.Time) (*authority, error) {
	if a, err := readAuthority(directory); err == nil && a.lasts(now) {
		return a, nil
	}
	a, err := newAuthority(now)
	if err != nil {
		return nil, err
	}
	return a, a.write(directory)
}

func (a *authority) lasts(now time.Time) bool {
	return !now.Before(a.certificate.NotBefore) && a.certificate.NotAfter.Sub(now) > minLifetimeLeft
}

func newAuthority(now time.Time) (*authority, error) {
	template := newTemplate("acschat chatdev, made "+now.Format(time.DateOnly), now, now.Add(certificateLifetime))
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.MaxPathLenZero = true
	template.KeyUsage = x509.KeyUsageCertSign
	template.PermittedDNSDomainsCritical = true
	template.PermittedDNSDomains = []string{"localhost"}
	template.PermittedIPRanges = []*net.IPNet{
		{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)},
		{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{certificate: certificate, key: key}, err
}

// newTemplate is what the authority's certificate and a server's have in common.
// The serial number is left to x509, which takes a random one.
func newTemplate(name string, from, until time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		NotBefore:   from,
		NotAfter:    until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// serverConfig is for a server at host. Names under localhost get a certificate
// of their own when a client asks for them: many clients refuse a wildcard there.
func (a *authority) serverConfig(host string, now func() time.Time) (*tls.Config, error) {
	certificate, err := a.serverCertificate(host, now())
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{*certificate},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "localhost" || !loopback.IsName(hello.ServerName) {
				return nil, nil // the one above
			}
			return a.serverCertificate(hello.ServerName, now())
		},
	}, nil
}

// serverCertificate signs a certificate for localhost, for the usual loopback
// addresses, and for host, which may be another of them, a name under
// localhost, or empty.
func (a *authority) serverCertificate(host string, now time.Time) (*tls.Certificate, error) {
	template := newTemplate("localhost", now, a.certificate.NotAfter)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if loopback.IsName(host) {
		template.DNSNames = append(template.DNSNames, strings.ToLower(strings.TrimSuffix(host, ".")))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key}, nil
}

// client is an HTTP client that trusts this authority alone.
func (a *authority) client() *http.Client {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}
