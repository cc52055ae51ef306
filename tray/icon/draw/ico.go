package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// encodeICO writes square images as a Windows icon: a directory, then every image as an uncompressed bitmap with
// alpha. Windows reads compressed ones only since Vista, and not all that reads icons for it does.
// The layout: https://learn.microsoft.com/windows/win32/menurc/newheader and .../wingdi/ns-wingdi-bitmapinfoheader.
func encodeICO(images ...*image.NRGBA) []byte {
	const (
		kindIcon   = 1
		headerSize = 6
		entrySize  = 16
	)
	type entry struct {
		Width, Height, Colours, Reserved uint8
		Planes, Bits                     uint16
		Size, Offset                     uint32
	}
	var file, bitmaps bytes.Buffer
	put(&file, []uint16{0, kindIcon, uint16(len(images))})
	for _, img := range images {
		b := bitmap(img)
		side := uint8(img.Rect.Dx())
		offset := headerSize + entrySize*len(images) + bitmaps.Len()
		put(&file, entry{Width: side, Height: side, Planes: 1, Bits: 32, Size: uint32(len(b)), Offset: uint32(offset)})
		bitmaps.Write(b)
	}
	return append(file.Bytes(), bitmaps.Bytes()...)
}

// bitmap is an image as icons hold it: a header, rows of blue, green, red and alpha from the bottom up, and a mask with
// a bit set for each pixel not to be drawn, its rows padded to four bytes. Some readers heed alpha, some the mask and
// some both, so that only what is wholly transparent may be masked.
func bitmap(img *image.NRGBA) []byte {
	type header struct {
		Size                         uint32
		Width, Height                int32
		Planes, Bits                 uint16
		Compression, ImageSize       uint32
		PerMetreX, PerMetreY         int32
		ColoursUsed, ColoursThatCare uint32
	}
	side := img.Rect.Dx()
	var out bytes.Buffer
	// The height counts the mask too.
	put(&out, header{Size: 40, Width: int32(side), Height: int32(2 * side), Planes: 1, Bits: 32})
	stride := (side + 31) / 32 * 4
	mask := make([]byte, side*stride)
	for row := range side {
		for x := range side {
			c := img.NRGBAAt(x, side-1-row)
			out.Write([]byte{c.B, c.G, c.R, c.A})
			if c.A == 0 {
				mask[row*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	out.Write(mask)
	return out.Bytes()
}

// put appends numbers of fixed size, the least byte first.
func put(b *bytes.Buffer, v any) {
	if err := binary.Write(b, binary.LittleEndian, v); err != nil {
		panic(err) // a type without a fixed size: a mistake in this file
	}
}
