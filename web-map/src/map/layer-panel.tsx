import { BlockOutlined } from '@ant-design/icons';
import { Button, Popover, Switch, Tooltip } from 'antd';
import { BUS_STATES } from '../fleet/bus-state.ts';
import { useWords } from '../i18n/language.ts';
import { BusGlyph } from '../parts/bus-glyph.tsx';
import { LAYER_NAMES, preferences, showLayer } from '../state/preferences.ts';
import { useStore } from '../state/store.ts';
import { usePalette } from '../theme/theme.ts';

/** Which layers are on, and what the colours mean. */
export function LayerPanel() {
  const { words } = useWords();
  return (
    <Popover trigger="click" placement="leftTop" content={<Content />} destroyOnHidden>
      <Tooltip title={words.map.layers} placement="left">
        <Button className="map-control" icon={<BlockOutlined />} aria-label={words.map.layers} />
      </Tooltip>
    </Popover>
  );
}

function Content() {
  const { words } = useWords();
  const { layers } = useStore(preferences);
  const palette = usePalette();
  return (
    <div className="layer-panel">
      {LAYER_NAMES.map((name) => (
        <div key={name} className="layer-row">
          <span>{words.map.layerNames[name]}</span>
          <Switch
            size="small"
            checked={layers[name]}
            onChange={(on) => showLayer(name, on)}
            aria-label={words.map.layerNames[name]}
          />
        </div>
      ))}
      <h3>{words.map.legend}</h3>
      <ul className="legend">
        {BUS_STATES.map((state) => (
          <li key={state}>
            <BusGlyph state={state} size={22} />
            {words.busState[state]}
          </li>
        ))}
        <li>
          <span className="legend-cluster">12</span>
          {words.map.clusterLegend}
        </li>
        {Object.entries(words.map.fenceKinds).map(([kind, name]) => (
          <li key={kind}>
            <span className="legend-fence" style={{ borderColor: palette.map.fence[kind] }} />
            {name}
          </li>
        ))}
        <li>
          <span className="legend-track" />
          {words.map.trackLegend}
        </li>
      </ul>
    </div>
  );
}
