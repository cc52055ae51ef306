package files

// maxSocketPath is sun_path less its closing zero, in bytes.
const maxSocketPath = 107
