//go:build !linux

package hold

func (p *pulse) send(packet []byte, _ bool) error {
	_, err := p.conn.Write(packet)
	return err
}
